/** Rows that repeat an earlier one, by what is said to be equal. The first stays. */
import type { TextRow } from './rows';

export type DedupeStrategy = 'prompt' | 'chosen' | 'prompt_chosen' | 'exact';

const KEYS: Readonly<Record<DedupeStrategy, (row: TextRow) => unknown[]>> = {
  prompt: row => [row.history, row.prompt],
  chosen: row => [row.chosen],
  prompt_chosen: row => [row.history, row.prompt, row.chosen],
  exact: row => [row.system, row.history, row.prompt, row.chosen, row.rejected, row.reasoning, row.label],
};

/** Keys are JSON lists, so that no text can pass for a separator. */
export function dedupe(rows: readonly TextRow[], strategy: DedupeStrategy): { kept: TextRow[]; duplicates: TextRow[] } {
  const seen = new Set<string>();
  const kept: TextRow[] = [];
  const duplicates: TextRow[] = [];
  for (const row of rows) {
    const key = JSON.stringify(KEYS[strategy](row));
    (seen.has(key) ? duplicates : kept).push(row);
    seen.add(key);
  }
  return { kept, duplicates };
}
