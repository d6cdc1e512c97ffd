/** Formatted rows as the engine takes them, for each method, and what becomes of each of their tokens. */
import type { TrainingRow } from '../shared/rows';
import type { Tokenizer } from '../models';
import type { FormattedRow } from './rows';
import { stopsOf, tokenisePair, tokeniseResponse, withBos } from './tokenise';
import { truncate } from './truncate';
import type { Truncated } from './truncate';
import type { RowKind } from './validate';

export interface TrainingRowOptions {
  kind: RowKind;
  maxLength: number;
  maxPromptLength: number;
  /** sft: learn the prompt too; orpo: its likelihood term covers the prompt. */
  trainOnPrompt: boolean;
}

/** Prompt and one response, the tokens that are cut away included. The lists are of one length. */
export interface TokenTrace {
  response: 'chosen' | 'rejected';
  ids: number[];
  /** Tokens before this one are the prompt's. */
  promptTokens: number;
  /** The loss is computed over the token. */
  isTrained: boolean[];
  /** Cut away by max_length or max_prompt_length; never trained. */
  isCut: boolean[];
}

export interface TokenisedRow {
  /** None where nothing of a response fits. */
  rows: TrainingRow[];
  promptCut: boolean;
  responsesCut: number;
  /** Tokens of the prompt, and of the longest prompt + response, before cutting. */
  promptTokens: number;
  tokens: number;
  /** One for each response, made when asked for. */
  traces(): TokenTrace[];
}

/** Labels count nothing where they are this (as PyTorch's cross entropy). */
const IGNORED = -100;

/** A maker for one tokenizer and format. `label` and `rejected` say which texts a kto row has. */
export function rowMaker(tokenizer: Tokenizer, stopText: string | undefined, options: TrainingRowOptions): (text: FormattedRow, given: { rejected: boolean; label?: boolean }) => TokenisedRow {
  const stops = stopsOf(tokenizer, stopText);
  const lengths = { ...options, bosId: tokenizer.addsBos ? tokenizer.bos?.id : undefined };
  const made = (prompt: number[], responses: number[][], rows: (cut: Truncated) => TrainingRow[]): TokenisedRow => {
    const cut = truncate(prompt, responses, lengths);
    return {
      rows: cut.unfit ? [] : rows(cut),
      promptCut: cut.promptGap.to > cut.promptGap.from,
      responsesCut: cut.responsesCut,
      promptTokens: prompt.length,
      tokens: prompt.length + Math.max(...responses.map(response => response.length)),
      traces: () => responses.map((response, i) => trace(prompt, response, cut, i, options)),
    };
  };
  return (text, given) => {
    if (options.kind === 'pair' || (options.kind === 'unpaired' && given.rejected && given.label === undefined)) {
      const { prompt, chosen, rejected } = tokenisePair(text, tokenizer, stops);
      return made(prompt, [chosen, rejected], cut =>
        (options.kind === 'pair' ? [{ prompt: cut.prompt, chosen: cut.responses[0]!, rejected: cut.responses[1]! }]
          : cut.responses.map((response, i) => ({ prompt: cut.prompt, response, label: i === 0 }))));
    }
    const { prompt: bare, response } = tokeniseResponse(text.prompt, text.chosen, tokenizer, stops);
    return made(withBos(bare, tokenizer), [response], cut =>
      [options.kind === 'unpaired' ? { prompt: cut.prompt, response: cut.responses[0]!, label: given.label ?? true } : sequence(cut, options.trainOnPrompt)]);
  };
}

function sequence({ prompt, responses }: Truncated, trainOnPrompt: boolean): TrainingRow {
  const response = responses[0]!;
  return { ids: [...prompt, ...response], labels: [...(trainOnPrompt ? prompt : prompt.map(() => IGNORED)), ...response] };
}

function trace(prompt: number[], response: number[], cut: Truncated, which: number, { kind, trainOnPrompt }: TrainingRowOptions): TokenTrace {
  const { promptGap: { from, to }, responses, unfit } = cut;
  const isCut = [
    ...prompt.map((_, at) => unfit || (at >= from && at < to)),
    ...response.map((_, at) => unfit || at >= responses[which]!.length),
  ];
  const learnsPrompt = trainOnPrompt && kind !== 'unpaired' && which === 0;
  return {
    response: which === 0 ? 'chosen' : 'rejected',
    ids: [...prompt, ...response],
    promptTokens: prompt.length,
    isTrained: isCut.map((gone, at) => !gone && (at >= prompt.length || learnsPrompt)),
    isCut,
  };
}
