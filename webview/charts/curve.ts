/** Points of one metric as they are drawn, and finding one's way in them. */
import type { Series } from '../../src/shared/follow';

/** Ascending in x; both lists have the same length. NaN in `ys`: no value, the curve breaks there. */
export interface Curve {
  readonly xs: Float64Array;
  readonly ys: Float64Array;
}

/** Both ends belong to it, in units of the x axis. */
export interface Range {
  readonly min: number;
  readonly max: number;
}

/** `values` are those of `series`, or what was made of them, one for one. */
export function curveOf({ steps, values: own }: Series, xOf: (step: number) => number, values: ArrayLike<number | null> = own): Curve {
  return { xs: Float64Array.from(steps, xOf), ys: Float64Array.from(values, value => value ?? NaN) };
}

/** Index of the first that is not below `x`; the length where all are. */
export function indexAtOrAfter(xs: ArrayLike<number>, x: number): number {
  let [low, high] = [0, xs.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (xs[middle]! < x) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Index of the point nearest to `x`; -1 of none. */
export function nearestIndex(xs: ArrayLike<number>, x: number): number {
  const after = indexAtOrAfter(xs, x);
  if (after === 0) return xs.length === 0 ? -1 : 0;
  return after === xs.length || x - xs[after - 1]! <= xs[after]! - x ? after - 1 : after;
}

/** From the lowest to the highest x of all curves; undefined where there is no point. */
export function wholeRange(curves: readonly Curve[]): Range | undefined {
  const filled = curves.filter(({ xs }) => xs.length > 0);
  if (filled.length === 0) return undefined;
  return { min: Math.min(...filled.map(({ xs }) => xs[0]!)), max: Math.max(...filled.map(({ xs }) => xs[xs.length - 1]!)) };
}
