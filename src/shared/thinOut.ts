/** Keeps a long series small: of each bucket of steps the first, lowest, highest and last row, so that a drawn curve keeps its shape.
 *
 *  Thinning what was thinned before gives what thinning the whole would give, because buckets nest: each is two of half its width. */

/** What is compared: the row's loss, or its eval loss where it has none. */
export interface Point {
  readonly step: number;
  readonly value: number | null;
}

/** Indices to keep, ascending. `rows` in order of step. */
export function thinOut(rows: readonly Point[], bucketSteps: number): number[] {
  const kept: number[] = [];
  for (let start = 0; start < rows.length; ) {
    const bucket = Math.floor(rows[start]!.step / bucketSteps);
    let end = start;
    let [lowest, highest] = [start, start];
    for (; end < rows.length && Math.floor(rows[end]!.step / bucketSteps) === bucket; end++) {
      if (valueOf(rows[end]!, Infinity) < valueOf(rows[lowest]!, Infinity)) lowest = end;
      if (valueOf(rows[end]!, -Infinity) > valueOf(rows[highest]!, -Infinity)) highest = end;
    }
    kept.push(...[...new Set([start, lowest, highest, end - 1])].sort((a, b) => a - b));
    start = end;
  }
  return kept;
}

/** The narrowest bucket, a power of two at or above `bucketSteps`, that leaves at most `limit` rows. */
export function bucketFor(rows: readonly Point[], bucketSteps: number, limit: number): number {
  let width = bucketSteps;
  while (rows.length > limit && thinOut(rows, width).length > limit) width *= 2;
  return width;
}

/** A missing or infinite value is neither lowest nor highest. */
function valueOf({ value }: Point, fallback: number): number {
  return value !== null && Number.isFinite(value) ? value : fallback;
}
