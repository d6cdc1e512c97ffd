/** Rows that repeat an earlier one, by what is said to be equal. The first stays. */
import { KeySet } from './keySet';
import { NearDuplicates } from './nearDuplicates';
import { hashKey } from './rowKeys';
import type { TextRow } from './rows';

export const DEDUPE_STRATEGIES = ['prompt', 'chosen', 'prompt_chosen', 'exact', 'near'] as const;
export type DedupeStrategy = (typeof DEDUPE_STRATEGIES)[number];

/** "near": from what share of equal word sequences on two rows are taken for one, and the seed of the hashes that find them. */
export interface NearOptions { threshold: number; seed: number }

const KEYS: Readonly<Record<Exclude<DedupeStrategy, 'near'>, (row: TextRow) => unknown[]>> = {
  prompt: row => [row.history, row.prompt, row.steps],
  chosen: row => [row.chosen, row.chosenCalls],
  prompt_chosen: row => [row.history, row.prompt, row.steps, row.chosen, row.chosenCalls],
  exact: ({ origin: _, ...texts }) => [texts],
};

/** Equal for rows that are duplicates. */
export function duplicateKey(row: TextRow, strategy: Exclude<DedupeStrategy, 'near'>): string {
  return hashKey(KEYS[strategy](row));
}

/** A test that remembers: true for a row that repeats one it was given before. */
export function duplicateTest(strategy: DedupeStrategy, near: NearOptions): (row: TextRow) => boolean {
  if (strategy === 'near') {
    const seen = new NearDuplicates(near.threshold, near.seed);
    return row => seen.repeats([...row.history.map(turn => turn.content), row.prompt, row.chosen].join('\n'));
  }
  const seen = new KeySet();
  return row => !seen.add(duplicateKey(row, strategy));
}
