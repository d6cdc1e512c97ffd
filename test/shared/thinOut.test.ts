import assert from 'node:assert/strict';
import fc from 'fast-check';
import { bucketFor, thinOut, type Point } from '../../src/shared/thinOut';

const SEED = 5;
const series = fc.array(fc.option(fc.integer({ min: -20, max: 20 })), { maxLength: 200 }).map(values => values.map((value, step): Point => ({ step, value })));
const keep = (rows: readonly Point[], width: number): Point[] => thinOut(rows, width).map(index => rows[index]!);

describe('shared/thinOut', () => {
  it('keeps of each bucket the first, the lowest, the highest and the last', () => {
    const rows = [5, 4, 9, 1, 6, 7, 7, 7].map((value, step) => ({ step, value }));
    assert.deepEqual(keep(rows, 4).map(({ step }) => step), [0, 2, 3, 4, 5, 7]);
  });

  it('gives the same in two strides as in one', () => {
    fc.assert(fc.property(series, fc.integer({ min: 0, max: 5 }), fc.integer({ min: 0, max: 3 }), (rows, small, more) => {
      const wide = 2 ** (small + more);
      assert.deepEqual(keep(keep(rows, 2 ** small), wide), keep(rows, wide));
    }), { seed: SEED });
  });

  it('never loses the lowest or the highest, nor either end', () => {
    fc.assert(fc.property(series, fc.integer({ min: 4, max: 50 }), (rows, limit) => {
      const kept = keep(rows, bucketFor(rows, 1, limit));
      const values = (list: readonly Point[]): number[] => list.flatMap(({ value }) => value ?? []);
      assert.deepEqual([Math.min(...values(kept)), Math.max(...values(kept))], [Math.min(...values(rows)), Math.max(...values(rows))]);
      assert.deepEqual([kept[0], kept.at(-1)], [rows[0], rows.at(-1)]);
    }), { seed: SEED });
  });
});
