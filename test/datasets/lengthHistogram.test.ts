import assert from 'node:assert/strict';
import fc from 'fast-check';
import { LengthHistogram } from '../../src/datasets';

describe('length histogram', () => {
  it('has the quantiles of the sorted values within 1 in 256, and bars that add up', () => {
    fc.assert(fc.property(fc.array(fc.oneof(fc.nat(300), fc.nat(2 ** 31 - 1)), { minLength: 1, maxLength: 200 }), values => {
      const histogram = new LengthHistogram();
      values.forEach(value => histogram.add(value));
      const got = histogram.distribution()!;
      const sorted = [...values].sort((a, b) => a - b);
      const exact = (share: number): number => sorted[Math.max(1, Math.ceil(share * sorted.length)) - 1]!;
      assert.deepEqual([got.count, got.min, got.max], [values.length, sorted[0], sorted.at(-1)]);
      assert.ok(Math.abs(got.mean - values.reduce((sum, value) => sum + value, 0) / values.length) < 1e-6);
      for (const [quantile, share] of [[got.p50, 0.5], [got.p95, 0.95]] as const) assert.ok(Math.abs(quantile - exact(share)) <= exact(share) / 256, `${quantile} for ${exact(share)}`);
      const { edges, counts } = got.histogram;
      assert.equal(edges.length, counts.length + 1);
      counts.forEach((count, bar) => assert.equal(count, values.filter(value => value >= edges[bar]! && value < edges[bar + 1]!).length));
      assert.equal(counts.reduce((sum, count) => sum + count, 0), values.length);
    }), { seed: 1, numRuns: 300 });
  });
  it('has nothing to say of no values', () => assert.equal(new LengthHistogram().distribution(), null));
});
