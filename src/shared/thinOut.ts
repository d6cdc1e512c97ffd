/** Keeps a long series small: of each bucket of steps the first, lowest, highest and last row, and the same of the rows with an
 *  evaluation, so that drawn curves keep their shape.
 *
 *  Thinning what was thinned before gives what thinning the whole would give, because buckets nest: each is two of half its width. */

/** What is compared. */
export interface Point {
  readonly step: number;
  readonly value: number | null;
  /** Of the few rows that have one; their values lie between two rows' own, and would go with them. */
  readonly evaluation?: number | null;
}

/** Indices to keep, ascending. `rows` in order of step. */
export function thinOut(rows: readonly Point[], bucketSteps: number): number[] {
  const kept: number[] = [];
  for (let start = 0; start < rows.length; ) {
    const bucket = Math.floor(rows[start]!.step / bucketSteps);
    const indices: number[] = [];
    for (let index = start; index < rows.length && Math.floor(rows[index]!.step / bucketSteps) === bucket; index++) indices.push(index);
    const evaluated = indices.filter(index => (rows[index]!.evaluation ?? null) !== null);
    const chosen = [...ends(indices, index => rows[index]!.value), ...ends(evaluated, index => rows[index]!.evaluation)];
    kept.push(...[...new Set(chosen)].sort((a, b) => a - b));
    start += indices.length;
  }
  return kept;
}

/** The first, lowest, highest and last; of equals the first. A missing or infinite value is neither lowest nor highest. */
function ends(indices: readonly number[], valueOf: (index: number) => number | null | undefined): number[] {
  if (indices.length === 0) return [];
  let [lowest, highest] = [indices[0]!, indices[0]!];
  let [low, high] = [Infinity, -Infinity];
  for (const index of indices) {
    const value = valueOf(index);
    if (value === null || value === undefined || !Number.isFinite(value)) continue;
    if (value < low) [lowest, low] = [index, value];
    if (value > high) [highest, high] = [index, value];
  }
  return [indices[0]!, lowest, highest, indices.at(-1)!];
}

/** The narrowest bucket, a power of two at or above `bucketSteps`, that leaves at most `limit` rows. */
export function bucketFor(rows: readonly Point[], bucketSteps: number, limit: number): number {
  let width = bucketSteps;
  while (rows.length > limit && thinOut(rows, width).length > limit) width *= 2;
  return width;
}
