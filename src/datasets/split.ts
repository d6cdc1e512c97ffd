/** Rows to train on and rows to evaluate on; rows of one prompt stay together, so that no prompt is on both sides. */
import { seededRandom, shuffled } from './random';
import type { TextRow } from './rows';

export interface SplitOptions {
  /** Share of the rows to evaluate on; the number is rounded up, as scikit-learn's. */
  testSize: number;
  seed: number;
  /** Off: the last rows evaluate. */
  shuffle: boolean;
}

/** Both sides keep the order of the file. `evaluation` is empty where there are fewer than two prompts. */
export function split(rows: readonly TextRow[], { testSize, seed, shuffle }: SplitOptions): { train: TextRow[]; evaluation: TextRow[] } {
  const groups = new Map<string, TextRow[]>();
  for (const row of rows) {
    const key = JSON.stringify([row.history, row.prompt]);
    const group = groups.get(key);
    if (group) group.push(row);
    else groups.set(key, [row]);
  }
  const wanted = Math.ceil(testSize * rows.length);
  const keys = [...groups.keys()];
  const order = shuffle ? shuffled(keys, seededRandom(seed)) : keys.reverse();
  const chosen = new Set<TextRow>();
  for (const key of order.slice(0, -1)) {
    if (chosen.size >= wanted) break;
    for (const row of groups.get(key)!) chosen.add(row);
  }
  return { train: rows.filter(row => !chosen.has(row)), evaluation: rows.filter(row => chosen.has(row)) };
}
