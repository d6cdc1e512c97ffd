/** Steps as epochs and as time, and where an axis has its numbers. */
import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { axisOf } from '../../../webview/charts/axis';
import { linearTicks, logTicks } from '../../../webview/charts/ticks';

describe('axisOf', () => {
  it('step is itself', () => assert.equal(axisOf('step', {})(17), 17));

  it('epoch goes straight between updates, and on beyond the last', () => {
    const xOf = axisOf('epoch', { epoch: { steps: [10, 20], values: [0.5, 1] } });
    assert.deepEqual([0, 5, 10, 15, 30].map(xOf), [0, 0.25, 0.5, 0.75, 1.5]);
  });

  it('time is the sum of all seconds until the step', () => {
    const xOf = axisOf('time', { step_seconds: { steps: [1, 2, 3], values: [2, 3, 1] } });
    assert.deepEqual([0, 1, 2, 2.5, 3].map(xOf), [0, 2, 5, 5.5, 6]);
  });

  it('a point stands for all steps since the one before', () => {
    assert.equal(axisOf('time', { step_seconds: { steps: [10, 20], values: [2, 3] } })(20), 50);
  });

  it('a missing value is no time, and never a step back', () => {
    const xOf = axisOf('time', { step_seconds: { steps: [1, 2, 3], values: [2, null, 2] } });
    assert.deepEqual([1, 2, 3].map(xOf), [2, 2, 4]);
  });

  it('is the step where the run did not write what is needed', () => assert.equal(axisOf('epoch', {})(7), 7));
});

describe('ticks', () => {
  it('are round', () => {
    assert.deepEqual(linearTicks({ min: 0.05, max: 0.42 }, 4), [0.1, 0.2, 0.3, 0.4]);
    assert.deepEqual(linearTicks({ min: 0, max: 400 }, 5), [0, 100, 200, 300, 400]);
    assert.deepEqual(logTicks({ min: 0.005, max: 20 }, 5), [0.01, 0.1, 1, 10]);
    assert.deepEqual(logTicks({ min: 2, max: 8 }, 3), [2, 4, 6, 8], 'linear where no two powers of ten are in sight');
  });

  it('lie within the range, and are neither many nor none', () => {
    fc.assert(fc.property(fc.double({ min: -1e6, max: 1e6, noNaN: true }), fc.double({ min: 1e-3, max: 1e6, noNaN: true }), fc.integer({ min: 3, max: 10 }), (min, width, wanted) => {
      const ticks = linearTicks({ min, max: min + width }, wanted);
      assert.ok(ticks.length >= 1 && ticks.length <= wanted + 1, `${ticks.length}`);
      assert.ok(ticks.every(tick => tick >= min - width * 1e-6 - 1e-6 && tick <= min + width * (1 + 1e-6) + 1e-6));
    }));
  });
});
