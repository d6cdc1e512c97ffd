/** A curve cut to what a screen can show: of each column of pixels the first, the lowest, the highest and the last point. The picture is the same. */
import { indexAtOrAfter, type Curve, type Range } from './curve';

/** Points in `range`, and the nearest beyond each end, so that lines run on to the edge. `columns` is the width in pixels. */
export function thinToPixels({ xs, ys }: Curve, { min, max }: Range, columns: number): Curve {
  const from = Math.max(0, indexAtOrAfter(xs, min) - 1);
  const to = Math.min(xs.length, indexAtOrAfter(xs, max) + 1);
  if (to - from <= 4 * columns) return { xs: xs.subarray(from, to), ys: ys.subarray(from, to) };

  const thinXs = new Float64Array(4 * (columns + 3));
  const thinYs = new Float64Array(4 * (columns + 3));
  let length = 0;
  const keep = (i: number): void => {
    thinXs[length] = xs[i]!;
    thinYs[length++] = ys[i]!;
  };
  const perUnit = columns / (max - min);
  // All that lies before the range is one column (-1), and all that lies behind (`columns`).
  let column = -2;
  for (let start = from; start < to; ) {
    column = Math.min(columns, Math.max(column + 1, Math.floor((xs[start]! - min) * perUnit)));
    const columnEnd = column === columns ? Infinity : min + (column + 1) / perUnit;
    let [lowest, highest] = [start, start];
    let end = start + 1;
    for (; end < to && xs[end]! < columnEnd; end++) {
      const y = ys[end]!;
      // A comparison with NaN is false, so a missing value replaces none and is replaced by any.
      if (!(y >= ys[lowest]!) && y === y) lowest = end;
      if (!(y <= ys[highest]!) && y === y) highest = end;
    }
    const [second, third] = lowest < highest ? [lowest, highest] : [highest, lowest];
    const last = end - 1;
    keep(start);
    if (second !== start && second !== last) keep(second);
    if (third !== second && third !== start && third !== last) keep(third);
    if (last !== start) keep(last);
    start = end;
  }
  return { xs: thinXs.subarray(0, length), ys: thinYs.subarray(0, length) };
}
