/** Learns the merges of a byte-level BPE tokenizer from text (Sennrich et al., 2016). */
import { BYTE_CHARACTERS, toByteCharacters } from './bytes';

/** GPT-2's split of text into words, each with the space before it. */
const WORDS = /'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+/gu;

export type Merge = [left: string, right: string];

export interface Bpe {
  /** Token to id: the special tokens, the 256 bytes, then one token a merge. */
  vocab: Map<string, number>;
  merges: Merge[];
}

/** One distinct word of the text as its tokens so far. */
interface Word {
  tokens: string[];
  count: number;
}

/** Learns merges until the vocabulary, special tokens included, holds `size` entries. Ties go to the pair first in code order. */
export function trainBpe(texts: Iterable<string>, size: number, special: readonly string[]): Bpe {
  const words = countWords(texts);
  const vocab = new Map([...special, ...BYTE_CHARACTERS].map((token, id) => [token, id]));
  const merges: Merge[] = [];
  while (vocab.size < size) {
    const best = mostFrequentPair(words);
    if (!best) break;
    merges.push(best);
    const joined = best[0] + best[1];
    if (!vocab.has(joined)) vocab.set(joined, vocab.size);
    for (const word of words) word.tokens = mergePair(word.tokens, best);
  }
  return { vocab, merges };
}

function countWords(texts: Iterable<string>): Word[] {
  const counts = new Map<string, number>();
  for (const text of texts) {
    for (const [word] of text.matchAll(WORDS)) counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  return [...counts].map(([text, count]) => ({ tokens: toByteCharacters(text), count }));
}

function mostFrequentPair(words: readonly Word[]): Merge | undefined {
  const counts = new Map<string, number>();
  for (const { tokens, count } of words) {
    for (let i = 0; i + 1 < tokens.length; i++) {
      // A stand-in character is never a space, so a space separates the two.
      const pair = `${tokens[i]} ${tokens[i + 1]}`;
      counts.set(pair, (counts.get(pair) ?? 0) + count);
    }
  }
  let best: string | undefined;
  let most = 0;
  for (const [pair, count] of counts) {
    if (count > most || (count === most && best !== undefined && pair < best)) [best, most] = [pair, count];
  }
  return best?.split(' ') as Merge | undefined;
}

function mergePair(tokens: string[], [left, right]: Merge): string[] {
  const out: string[] = [];
  for (let i = 0; i < tokens.length; i++) {
    if (tokens[i] === left && tokens[i + 1] === right) {
      out.push(left + right);
      i++;
    } else {
      out.push(tokens[i]);
    }
  }
  return out;
}
