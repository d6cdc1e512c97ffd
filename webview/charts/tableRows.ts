/** Which values stand in the table beside a chart. */
import { indexAtOrAfter, type Curve, type Range } from './curve';

/** More rows are skimmed by nobody. */
const MOST_ROWS = 25;

export interface TableRow {
  x: number;
  /** Of each curve, raw and then smoothed where it is; undefined where the curve has no point at this x. */
  values: (number | undefined)[];
}

export interface Columns {
  raw: Curve;
  smoothed: Curve | undefined;
}

/** Evenly chosen among all x in the range at which any curve has a point; the first and the last are always there. */
export function tableRows(entries: readonly Columns[], range: Range): { rows: TableRow[]; skipped: number } {
  const xs = [...new Set(entries.flatMap(({ raw }) => xsIn(raw, range)))].sort((a, b) => a - b);
  const count = Math.min(MOST_ROWS, xs.length);
  const chosen = Array.from({ length: count }, (_, i) => xs[count === 1 ? 0 : Math.round((i * (xs.length - 1)) / (count - 1))]!);
  const rows = chosen.map(x => ({ x, values: entries.flatMap(({ raw, smoothed }) => [valueAt(raw, x), ...(smoothed ? [valueAt(smoothed, x)] : [])]) }));
  return { rows, skipped: xs.length - count };
}

function xsIn({ xs }: Curve, { min, max }: Range): number[] {
  const end = indexAtOrAfter(xs, max);
  return [...xs.subarray(indexAtOrAfter(xs, min), xs[end] === max ? end + 1 : end)];
}

function valueAt({ xs, ys }: Curve, x: number): number | undefined {
  const i = indexAtOrAfter(xs, x);
  return xs[i] === x && !Number.isNaN(ys[i]!) ? ys[i] : undefined;
}
