/** Thinning for the screen: fewer points, the same picture. */
import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import type { Curve } from '../../../webview/charts/curve';
import { thinToPixels } from '../../../webview/charts/thinToPixels';

const curve = (points: [number, number][]): Curve => ({ xs: Float64Array.from(points, ([x]) => x), ys: Float64Array.from(points, ([, y]) => y) });

/** Of each column of pixels: lowest and highest value, first and last. What the eye can tell apart. */
function columnsOf({ xs, ys }: Curve, min: number, max: number, columns: number): Map<number, { low: number; high: number; first: number; last: number }> {
  const found = new Map<number, { low: number; high: number; first: number; last: number }>();
  xs.forEach((x, i) => {
    if (x < min || x >= max || Number.isNaN(ys[i]!)) return;
    const column = Math.floor((x - min) * (columns / (max - min)));
    const y = ys[i]!;
    const known = found.get(column);
    found.set(column, known ? { low: Math.min(known.low, y), high: Math.max(known.high, y), first: known.first, last: y } : { low: y, high: y, first: y, last: y });
  });
  return found;
}

const steps = fc.array(fc.tuple(fc.integer({ min: 1, max: 3 }), fc.oneof({ weight: 9, arbitrary: fc.integer({ min: -50, max: 50 }) }, { weight: 1, arbitrary: fc.constant(NaN) })), { minLength: 1, maxLength: 400 })
  .map(gaps => { let x = 0; return curve(gaps.map(([gap, y]): [number, number] => [x += gap, y])); });

describe('thinToPixels', () => {
  it('keeps lowest, highest, first and last of every column', () => {
    fc.assert(fc.property(steps, fc.integer({ min: 0, max: 300 }), fc.integer({ min: 1, max: 900 }), fc.integer({ min: 1, max: 20 }), (whole, min, width, columns) => {
      const thin = thinToPixels(whole, { min, max: min + width }, columns);
      assert.ok(thin.xs.length <= 4 * (columns + 2), `${thin.xs.length} points in ${columns} columns`);
      const [expected, actual] = [columnsOf(whole, min, min + width, columns), columnsOf(thin, min, min + width, columns)];
      assert.deepEqual([...actual.keys()], [...expected.keys()]);
      for (const [column, { low, high }] of expected) assert.deepEqual([actual.get(column)!.low, actual.get(column)!.high], [low, high]);
    }));
  });

  it('gives points of the curve, in order', () => {
    fc.assert(fc.property(steps, fc.integer({ min: 1, max: 20 }), (whole, columns) => {
      const thin = thinToPixels(whole, { min: 10, max: 200 }, columns);
      let at = -1;
      thin.xs.forEach((x, i) => {
        const found = whole.xs.findIndex((candidate, j) => j > at && candidate === x);
        assert.ok(found > at && Object.is(whole.ys[found], thin.ys[i]));
        at = found;
      });
    }));
  });

  it('reaches beyond both ends, so that the line does not stop short', () => {
    const whole = curve(Array.from({ length: 1000 }, (_, i) => [i, i % 7]));
    const { xs } = thinToPixels(whole, { min: 100.5, max: 899.5 }, 10);
    assert.ok(xs[0]! <= 100 && xs[xs.length - 1]! >= 900, `${xs[0]} … ${xs[xs.length - 1]}`);
  });

  it('keeps a break where nothing was measured', () => {
    const whole = curve(Array.from({ length: 1000 }, (_, i) => [i, i >= 400 && i < 600 ? NaN : 1]));
    const { xs, ys } = thinToPixels(whole, { min: 0, max: 1000 }, 20);
    const breaks = xs.filter((_, i) => Number.isNaN(ys[i]!));
    assert.ok(breaks.length > 0 && breaks.every(x => x >= 400 && x < 600));
  });

  it('gives the points themselves where there are few', () => {
    const whole = curve([[0, 1], [1, 2], [2, 3], [3, 4]]);
    assert.deepEqual([...thinToPixels(whole, { min: 0.5, max: 2.5 }, 500).xs], [0, 1, 2, 3]);
  });
});
