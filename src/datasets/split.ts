/** Rows to train on and rows to evaluate on; rows of one prompt stay together, so that no prompt is on both sides. */
import { seededRandom, shuffled } from './random';

export interface SplitOptions {
  /** Share of the rows to evaluate on; the number is rounded up, as scikit-learn's. */
  testSize: number;
  seed: number;
  /** Off: the last rows evaluate. */
  shuffle: boolean;
}

/** Both sides keep the order of the file; `keyOf` is what must not be on both. `evaluation` is empty where there are fewer than two keys. */
export function split<Row>(rows: readonly Row[], keyOf: (row: Row) => string, { testSize, seed, shuffle }: SplitOptions): { train: Row[]; evaluation: Row[] } {
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const key = keyOf(row);
    const group = groups.get(key);
    if (group) group.push(row);
    else groups.set(key, [row]);
  }
  const wanted = Math.ceil(testSize * rows.length);
  const keys = [...groups.keys()];
  const order = shuffle ? shuffled(keys, seededRandom(seed)) : keys.reverse();
  const chosen = new Set<Row>();
  for (const key of order.slice(0, -1)) {
    if (chosen.size >= wanted) break;
    for (const row of groups.get(key)!) chosen.add(row);
  }
  return { train: rows.filter(row => !chosen.has(row)), evaluation: rows.filter(row => chosen.has(row)) };
}
