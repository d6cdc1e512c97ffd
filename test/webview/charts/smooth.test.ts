/** Smoothing: TensorBoard's figures at even distances, the same memory at uneven ones. */
import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import type { Series } from '../../../src/shared/follow';
import { usualGap, smooth } from '../../../webview/charts/smooth';

const even = (values: (number | null)[], every = 1): Series => ({ steps: values.map((_, i) => (i + 1) * every), values });

/** tf_smoothing of TensorBoard's vz_line_chart2, as it is written there. */
function tensorboard(values: number[], weight: number): number[] {
  let last = 0;
  return values.map((value, i) => {
    last = last * weight + (1 - weight) * value;
    return last / (1 - weight ** (i + 1));
  });
}

const finite = fc.double({ min: -1e6, max: 1e6, noNaN: true });
const weights = fc.double({ min: 0, max: 0.99, noNaN: true });

describe('smooth', () => {
  it('by hand: 4, 2 at weight 0.5 are 4 and (0.25·4 + 0.5·2) / 0.75', () => {
    assert.deepEqual([...smooth(even([4, 2]), 0.5)], [4, 2 / 0.75]);
  });

  it('is TensorBoard\'s at even distances, whatever the distance', () => {
    fc.assert(fc.property(fc.array(finite, { minLength: 1, maxLength: 60 }), fc.double({ min: 0.01, max: 0.99, noNaN: true }), fc.integer({ min: 1, max: 50 }), (values, weight, every) => {
      const expected = tensorboard(values, weight);
      [...smooth(even(values, every), weight)].forEach((value, i) => assert.ok(Math.abs(value - expected[i]!) <= 1e-6 * (1 + Math.max(...values.map(Math.abs)))));
    }));
  });

  it('stays between the lowest and the highest value, and leaves a constant alone', () => {
    fc.assert(fc.property(fc.array(finite, { minLength: 1, maxLength: 40 }), weights, (values, weight) => {
      const [low, high] = [Math.min(...values), Math.max(...values)];
      const room = 1e-9 * (1 + Math.abs(low) + Math.abs(high));
      for (const value of smooth(even(values), weight)) assert.ok(value >= low - room && value <= high + room);
    }));
  });

  it('weight 0 gives the values', () => {
    assert.deepEqual([...smooth(even([3, 1, 2]), 0)], [3, 1, 2]);
  });

  it('passes over a missing value without forgetting: its neighbours are two steps apart', () => {
    const [first, missing, third] = smooth(even([4, null, 2]), 0.5);
    assert.equal(first, 4);
    assert.ok(Number.isNaN(missing!));
    const [n, w] = [0.25 * 2 + 0.75 * 2, 0.25 * 0.5 + 0.75];
    assert.ok(Math.abs(third! - n / w) < 1e-12);
  });

  it('forgets by steps, not by points: where a level was thinned out, the next jump is smoothed as in the whole series', () => {
    const whole = even(Array.from({ length: 200 }, (_, i) => i < 150 ? 1 : 5));
    const kept = [0, 1, 100, 149, 150, 151, 160, 199];
    const thinned: Series = { steps: kept.map(i => whole.steps[i]!), values: kept.map(i => whole.values[i]!) };
    const [expected, actual] = [smooth(whole, 0.9), smooth(thinned, 0.9)];
    kept.forEach((i, at) => assert.ok(Math.abs(actual[at]! - expected[i]!) < 1e-4, `step ${i}`));
  });
});

describe('usualGap', () => {
  it('is how often the metric is written', () => {
    assert.deepEqual([[], [7], [10, 20, 30, 34], [3, 3, 4], [1, 3, 4]].map(usualGap), [1, 1, 10, 1, 1]);
  });
});
