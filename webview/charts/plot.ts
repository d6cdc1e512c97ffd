/** What a chart shows of its lines in a range of x: points for its pixels, the range of y, and what lies outside of it. Numbers only, no drawing. */
import { countOutside, percentileLimits } from './clip';
import type { Curve, Range } from './curve';
import { thinToPixels } from './thinToPixels';

/** How a line is drawn. */
export interface LineLook {
  /** A colour of CSS. */
  color: string;
  /** Lengths of dashes and gaps, CSS pixels; none: solid. */
  dash: readonly number[];
  /** CSS pixels. */
  width: number;
  /** 0–1. */
  alpha: number;
  isPoints: boolean;
}

export interface Line extends LineLook {
  curve: Curve;
  /** Of `curve`, without its outliers; made when first asked for. */
  limits(): Range | undefined;
}

export interface Plot {
  x: Range;
  y: Range;
  isLog: boolean;
  lines: (LineLook & { shown: Curve })[];
  /** Points in the range of x that the range of y leaves out. */
  hidden: number;
}

export interface PlotOptions {
  /** Width in pixels. */
  columns: number;
  wantsLog: boolean;
  ignoresOutliers: boolean;
}

/** Values below are as good as 0: a logarithmic axis down to them would show nothing else. */
const SMALLEST_LOG = 1e-30;
/** Room above and below, as a share of the range of y. */
const PADDING = 0.05;

/** A logarithmic axis is given where all values in sight are above 0. */
export function plotOf(lines: readonly Line[], x: Range, { columns, wantsLog, ignoresOutliers }: PlotOptions): Plot {
  const shown = lines.map(({ curve, limits: _, ...look }) => ({ ...look, shown: thinToPixels(curve, x, columns) }));
  const extents = shown.map(line => extentOf(line.shown, x));
  const clipped = extents.map((extent, i) => extent && ignoresOutliers ? intersection(extent, lines[i]!.limits()) : extent);
  const seen = union(clipped);
  const isLog = wantsLog && seen !== undefined && seen.min > SMALLEST_LOG;
  const y = seen ? padded(seen, isLog) : { min: 0, max: 1 };
  // Only a line that reaches beyond has anything to count.
  const hidden = lines.reduce((sum, { curve }, i) => {
    const extent = extents[i];
    return !extent || (extent.min >= y.min && extent.max <= y.max) ? sum : sum + countOutside(curve, x, y);
  }, 0);
  return { x, y, isLog, lines: shown.map(line => line.isPoints ? { ...line, shown: within(line.shown, x, y) } : line), hidden };
}

/** Points in sight. Lines run on to the frame and are cut there; a point at its edge is drawn whole. */
function within({ xs, ys }: Curve, x: Range, y: Range): Curve {
  const isIn = (_: number, i: number): boolean => xs[i]! >= x.min && xs[i]! <= x.max && ys[i]! >= y.min && ys[i]! <= y.max;
  return { xs: xs.filter(isIn), ys: ys.filter(isIn) };
}

/** Lowest and highest value in the range; thinning keeps both. */
function extentOf({ xs, ys }: Curve, x: Range): Range | undefined {
  let [min, max] = [Infinity, -Infinity];
  for (let i = 0; i < ys.length; i++) {
    if (xs[i]! < x.min || xs[i]! > x.max) continue;
    if (ys[i]! < min) min = ys[i]!;
    if (ys[i]! > max) max = ys[i]!;
  }
  return min <= max ? { min, max } : undefined;
}

function intersection(extent: Range, limits: Range | undefined): Range {
  if (!limits || limits.max < extent.min || limits.min > extent.max) return extent;
  return { min: Math.max(extent.min, limits.min), max: Math.min(extent.max, limits.max) };
}

function union(ranges: readonly (Range | undefined)[]): Range | undefined {
  const given = ranges.filter(range => range !== undefined);
  if (given.length === 0) return undefined;
  return { min: Math.min(...given.map(({ min }) => min)), max: Math.max(...given.map(({ max }) => max)) };
}

function padded({ min, max }: Range, isLog: boolean): Range {
  if (isLog) {
    const factor = min === max ? 2 : (max / min) ** PADDING;
    return { min: min / factor, max: max * factor };
  }
  const room = min === max ? Math.abs(min) * 0.1 || 1 : (max - min) * PADDING;
  // What cannot be below 0 does not look as if it could.
  return { min: min >= 0 ? Math.max(0, min - room) : min - room, max: max + room };
}

/** The limits of a curve, found once. */
export function limitsOnce(curve: Curve): () => Range | undefined {
  let found: { limits: Range | undefined } | undefined;
  return () => (found ??= { limits: percentileLimits(curve.ys) }).limits;
}
