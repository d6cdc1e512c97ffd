/** Moving the range in sight: zoom, pan, and never beyond what there is. */
import type { Range } from './curve';

/** Nobody zooms further than to this share of the whole. */
const SMALLEST_SHARE = 1e-5;

/** The range, as wide as it is where that is possible, within `whole`; null stands for the whole. */
export function within(whole: Range, { min, max }: Range): Range | null {
  const wholeWidth = whole.max - whole.min;
  const width = Math.max(max - min, wholeWidth * SMALLEST_SHARE);
  if (width >= wholeWidth) return null;
  const from = Math.min(Math.max(min, whole.min), whole.max - width);
  return { min: from, max: from + width };
}

/** `factor` below 1 zooms in; what is at `x` stays where it is. */
export function zoomed(whole: Range, range: Range, x: number, factor: number): Range | null {
  return within(whole, { min: x - (x - range.min) * factor, max: x + (range.max - x) * factor });
}

/** By a share of the width; to the right above 0. */
export function panned(whole: Range, { min, max }: Range, share: number): Range | null {
  const by = (max - min) * share;
  return within(whole, { min: min + by, max: max + by });
}
