/** Where outliers begin, so that they need not squeeze the rest of a curve flat. */
import { indexAtOrAfter, type Curve, type Range } from './curve';

/** Of each end, so many percent of the values may be left out of sight. */
export const CLIP_PERCENT = 2;

/** The values between which all but `percent` at each end lie (nearest rank); undefined of no value. */
export function percentileLimits(values: Float64Array, percent = CLIP_PERCENT): Range | undefined {
  const sorted = values.filter(Number.isFinite).sort();
  if (sorted.length === 0) return undefined;
  const left = Math.floor((sorted.length * percent) / 100);
  return { min: sorted[left]!, max: sorted[sorted.length - 1 - left]! };
}

/** How many points of the curve in `range` lie outside of `limits`. */
export function countOutside({ xs, ys }: Curve, range: Range, limits: Range): number {
  let count = 0;
  const end = indexAtOrAfter(xs, range.max);
  for (let i = indexAtOrAfter(xs, range.min); i < xs.length && (i < end || xs[i] === range.max); i++) {
    if (ys[i]! < limits.min || ys[i]! > limits.max) count++;
  }
  return count;
}
