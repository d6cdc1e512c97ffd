/** Text to ids, several times as fast as the library and the same ids: cut into words, each word encoded once and remembered. */
import { BPE } from '@huggingface/tokenizers';
import type { Tokenizer as Library } from '@huggingface/tokenizers';
import { AddedTokenCutter } from './addedTokens';
import type { AddedToken } from './addedTokens';
import { MergeTable } from './mergeTable';
import { WordCache } from './wordCache';
import { wordCutter } from './wordCutter';

/** Without special tokens of the post-processor. Models other than BPE, and pre-tokenizers that cannot be taken apart, go through the library. */
export function createEncoder(library: Library): (text: string) => number[] {
  const viaLibrary = (text: string): number[] => library.encode(text, { add_special_tokens: false }).ids;
  const { model, normalizer } = library;
  const words = model instanceof BPE ? wordCutter(library.pre_tokenizer, model) : undefined;
  if (!(model instanceof BPE) || !words) return viaLibrary;

  const added = [...library.get_added_tokens_decoder().values()];
  const isNormalised = (token: AddedToken & { normalized: boolean }): boolean => token.normalized && normalizer !== null;
  const asWritten = new AddedTokenCutter(added.filter(token => !isNormalised(token)));
  const normalised = new AddedTokenCutter(added.filter(isNormalised).map(token => ({ ...token, content: normalizer!.normalize(token.content) })));
  const cache = new WordCache();
  const { unk_token_id: unknown, fuse_unk: fusesUnknown } = model;

  let merges: MergeTable | undefined;
  let triedMerges = false;
  const merged = (word: string): number[] | undefined => {
    // Half a second for the largest vocabularies, which only the first text should wait for.
    if (!triedMerges) merges = MergeTable.of(model);
    triedMerges = true;
    const whole = model.ignore_merges ? model.tokens_to_ids.get(word) : undefined;
    return whole === undefined ? merges?.encode(word) : [whole];
  };
  const encodeWord = (word: string): readonly number[] => {
    const spelled = words.spell(word);
    const ids = merged(spelled) ?? model.encode([spelled]).map(token => model.tokens_to_ids.get(token) ?? unknown!);
    cache.set(word, ids);
    return ids;
  };
  const encodeSection = (section: string, index: number, out: number[]): void => {
    for (const part of normalised.cut(normalizer ? normalizer.normalize(section) : section)) {
      const token = normalised.tokenOf(part);
      if (token) out.push(token.id);
      else if (part !== '') for (const word of words.cut(part, index)) for (const id of cache.get(word) ?? encodeWord(word)) out.push(id);
    }
  };
  return text => {
    const out: number[] = [];
    asWritten.cut(text).forEach((section, index) => {
      const token = asWritten.tokenOf(section);
      if (token) out.push(token.id);
      // Blanks that a token took along; a normaliser might make a space of nothing.
      else if (section !== '') encodeSection(section, index, out);
    });
    // Unknown characters next to one another become one token, across words too.
    return fusesUnknown && unknown !== undefined && out.includes(unknown) ? viaLibrary(text) : out;
  };
}
