/** Rows of an exact number of tokens with any tokenizer: their texts are too long, and the recipe's lengths cut them. */
import type { RecipeInput } from '../../src/recipe';
import type { PairLengths } from './countedWork';
import type { BenchRow } from './trainOurs';

export const MODES = ['sft', 'orpo'] as const;
export type Mode = (typeof MODES)[number];

export interface ExactRows {
  rows: BenchRow[];
  /** Prompt and one response. */
  maxLength: number;
  /** After cutting; `rejected` is 0 for sft. */
  lengths: PairLengths;
  /** What the recipe must say. */
  changes: Partial<RecipeInput>;
}

/** Each word is one token or more. */
const PLAIN = 'The quick brown fox jumps over the lazy dog near the quiet river bank. ';
const OTHER = 'A slow grey wolf sleeps under the old tree behind the narrow stone bridge. ';

export interface Parts { prompt: number; response: number }

/** A row of `tokens`, those of prompt and response or responses together: a quarter is the prompt. */
export function partsOf(mode: Mode, tokens: number): Parts {
  if (tokens < 16 || tokens % 8 !== 0) throw new Error(`${tokens} tokens: a multiple of 8 from 16 is needed.`);
  const prompt = tokens / 4;
  return { prompt, response: mode === 'sft' ? tokens - prompt : (tokens - prompt) / 2 };
}

/** `count` equal rows, whose every token is learnt. */
export function exactRows(mode: Mode, { prompt, response }: Parts, count: number): ExactRows {
  const isPair = mode === 'orpo';
  const row: BenchRow = {
    prompt: longText(PLAIN, prompt), chosen: longText(PLAIN, response), rejected: longText(OTHER, response),
    tokens: isPair ? 2 * (prompt + response) : prompt + response,
  };
  return {
    rows: Array.from({ length: count }, () => row),
    maxLength: prompt + response,
    lengths: { prompt, chosen: response, rejected: isPair ? response : 0 },
    changes: { training_mode: mode, train_on_prompt: true, max_prompt_length: prompt },
  };
}

/** Longer than `tokens` by a sentence or more, so that a token which melts into the next text is not missed. */
function longText(sentence: string, tokens: number): string {
  return sentence.repeat(Math.ceil(tokens / sentence.trim().split(' ').length) + 2);
}
