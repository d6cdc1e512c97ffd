import assert from 'node:assert/strict';
import { driftOf } from '../bench/driftFigures';

describe('bench, drift', () => {
  const samples = (count: number) => Array.from({ length: count }, (_, i) => ({ seconds: i < 10 ? 100 : 1 + i / 1000, residentBytes: 1000 }));

  it('compares medians of the first steps after warm-up with the last', () => {
    const { window, seconds, residentBytes } = driftOf(samples(500), { warmUp: 10, window: 50 });
    assert.equal(window, 50);
    assert.ok(Math.abs(seconds.first - 1.0345) < 1e-9 && Math.abs(seconds.last - 1.4745) < 1e-9);
    assert.equal(seconds.ratio, seconds.last / seconds.first);
    assert.deepEqual(residentBytes, { first: 1000, last: 1000, ratio: 1 });
  });

  it('takes half of the steps where there are few, and refuses fewer than two', () => {
    assert.equal(driftOf(samples(15), { warmUp: 10, window: 50 }).window, 2);
    assert.throws(() => driftOf(samples(11), { warmUp: 10, window: 50 }), /^Error: 11 steps leave fewer than two after a warm-up of 10\.$/);
  });
});
