/** What a chart shows in a range: the range of y, a logarithmic axis where it can be, and what is left out. */
import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { countOutside, percentileLimits } from '../../../webview/charts/clip';
import type { Curve } from '../../../webview/charts/curve';
import { limitsOnce, plotOf, type Line } from '../../../webview/charts/plot';

const line = (ys: number[]): Line => {
  const curve: Curve = { xs: Float64Array.from(ys, (_, i) => i), ys: Float64Array.from(ys) };
  return { color: 'blue', dash: [], width: 1, alpha: 1, isPoints: false, curve, limits: limitsOnce(curve) };
};
const PLAIN = { columns: 400, wantsLog: false, ignoresOutliers: false };

describe('plotOf', () => {
  it('holds every value in sight, with room, and never shows less than 0 of what is never below', () => {
    const { y, hidden } = plotOf([line([1, 3, 2])], { min: 0, max: 2 }, PLAIN);
    assert.deepEqual([y, hidden], [{ min: 0.9, max: 3.1 }, 0]);
    assert.equal(plotOf([line([0.01, 3])], { min: 0, max: 1 }, PLAIN).y.min, 0);
  });

  it('looks at what is in sight only', () => {
    assert.ok(plotOf([line([100, 1, 2, 1, 100])], { min: 1, max: 3 }, PLAIN).y.max < 3);
  });

  it('leaves outliers out where it is told to, and says how many', () => {
    const ys = Array.from({ length: 200 }, (_, i) => i === 50 || i === 150 ? 90 : 1 + (i % 10) / 10);
    const whole = { min: 0, max: 199 };
    assert.deepEqual([plotOf([line(ys)], whole, PLAIN).hidden, plotOf([line(ys)], whole, PLAIN).y.max > 90], [0, true]);
    const clipped = plotOf([line(ys)], whole, { ...PLAIN, ignoresOutliers: true });
    assert.equal(clipped.hidden, 2);
    assert.ok(clipped.y.max < 3);
    assert.equal(plotOf([line(ys)], { min: 100, max: 199 }, { ...PLAIN, ignoresOutliers: true }).hidden, 1, 'of those in sight');
  });

  it('is logarithmic only where all values in sight are above 0', () => {
    const wantsLog = { ...PLAIN, wantsLog: true };
    assert.equal(plotOf([line([0.1, 10])], { min: 0, max: 1 }, wantsLog).isLog, true);
    assert.equal(plotOf([line([0, 10])], { min: 0, max: 1 }, wantsLog).isLog, false);
    assert.ok(plotOf([line([5, 5])], { min: 0, max: 1 }, wantsLog).y.min > 0);
  });

  it('has a range of some height whatever it is given', () => {
    fc.assert(fc.property(fc.array(fc.oneof(fc.double({ min: -1e9, max: 1e9 }), fc.constant(NaN)), { maxLength: 30 }), fc.boolean(), fc.boolean(), (ys, wantsLog, ignoresOutliers) => {
      const { y } = plotOf([line(ys)], { min: 0, max: 29 }, { columns: 50, wantsLog, ignoresOutliers });
      assert.ok(Number.isFinite(y.min) && Number.isFinite(y.max) && y.max > y.min);
    }));
  });
});

describe('percentileLimits', () => {
  it('by hand: of 1 … 100, 2 % at each end are 1, 2 and 99, 100', () => {
    assert.deepEqual(percentileLimits(Float64Array.from({ length: 100 }, (_, i) => i + 1), 2), { min: 3, max: 98 });
  });

  it('leaves nothing out of few values, and has none of none', () => {
    assert.deepEqual(percentileLimits(Float64Array.of(5, NaN, 1)), { min: 1, max: 5 });
    assert.equal(percentileLimits(Float64Array.of(NaN)), undefined);
  });
});

describe('countOutside', () => {
  it('counts between both ends of the range, ends included, and no missing value', () => {
    const curve: Curve = { xs: Float64Array.of(0, 1, 2, 3, 4), ys: Float64Array.of(9, 9, NaN, 0, 9) };
    assert.equal(countOutside(curve, { min: 1, max: 4 }, { min: 1, max: 8 }), 3);
  });
});
