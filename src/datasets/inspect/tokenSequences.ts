/** The tokens of a row as a view shows them: each with its text and what becomes of it. */
import type { Tokenizer } from '../../models';
import { TokenTexts } from '../../models';
import { SEQUENCE_TOKENS } from '../../shared/datasetPreview';
import type { TokenSequence } from '../../shared/datasetPreview';
import { stopsOf } from '../tokenise';
import type { TokenTrace } from '../trainingRows';

export class TokenSequences {
  private readonly texts: TokenTexts;
  private readonly stops: ReadonlySet<number>;
  /** Undefined for tokenizers that put no BOS in front. */
  private readonly bosId: number | undefined;

  constructor(private readonly tokenizer: Tokenizer, stopText: string | undefined) {
    this.texts = new TokenTexts(tokenizer);
    this.stops = stopsOf(tokenizer, stopText).ids;
    this.bosId = bosIdOf(tokenizer);
  }

  of({ response, ids, promptTokens, isTrained, isCut }: TokenTrace): TokenSequence {
    const last = ids.length - 1;
    const endsInStop = ids.length > promptTokens && !isCut[last] && this.stops.has(ids[last]!);
    return {
      response,
      tokens: ids.slice(0, SEQUENCE_TOKENS).map((id, at) => ({
        id,
        text: this.texts.of(id),
        part: at < promptTokens ? 'prompt' : 'response',
        isSpecial: this.tokenizer.isSpecial(id),
        isCut: isCut[at]!,
        isTrained: isTrained[at]!,
      })),
      hiddenTokens: Math.max(0, ids.length - SEQUENCE_TOKENS),
      promptTokens,
      responseTokens: ids.length - promptTokens,
      promptTokensCut: count(isCut.slice(0, promptTokens)),
      responseTokensCut: count(isCut.slice(promptTokens)),
      trainedTokens: count(isTrained),
      stop: endsInStop ? this.texts.of(ids[last]!) : null,
      bosCount: ids.filter(id => id === this.bosId).length,
    };
  }
}

export function bosIdOf(tokenizer: Tokenizer): number | undefined {
  return tokenizer.addsBos ? tokenizer.bos?.id : undefined;
}

const count = (list: readonly boolean[]): number => list.filter(Boolean).length;
