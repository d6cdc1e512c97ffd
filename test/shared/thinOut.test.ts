import assert from 'node:assert/strict';
import fc from 'fast-check';
import { bucketFor, thinOut, type Point } from '../../src/shared/thinOut';

const SEED = 5;
const values = (): fc.Arbitrary<number | null> => fc.option(fc.integer({ min: -20, max: 20 }));
const series = fc.array(fc.tuple(values(), values()), { maxLength: 200 }).map(rows => rows.map(([value, evaluation], step): Point => ({ step, value, evaluation })));
const keep = (rows: readonly Point[], width: number): Point[] => thinOut(rows, width).map(index => rows[index]!);

describe('shared/thinOut', () => {
  it('keeps of each bucket the first, the lowest, the highest and the last', () => {
    const rows = [5, 4, 9, 1, 6, 7, 7, 7].map((value, step) => ({ step, value }));
    assert.deepEqual(keep(rows, 4).map(({ step }) => step), [0, 2, 3, 4, 5, 7]);
  });

  it('keeps the same of the rows with an evaluation', () => {
    const rows = [null, 5, 6, 7, 3, 6, 9, 6, 6, null].map((evaluation, step) => ({ step, value: -step, evaluation }));
    assert.deepEqual(keep(rows, 10).map(({ step }) => step), [0, 1, 4, 6, 8, 9]);
  });

  it('gives the same in two strides as in one', () => {
    fc.assert(fc.property(series, fc.integer({ min: 0, max: 5 }), fc.integer({ min: 0, max: 3 }), (rows, small, more) => {
      const wide = 2 ** (small + more);
      assert.deepEqual(keep(keep(rows, 2 ** small), wide), keep(rows, wide));
    }), { seed: SEED });
  });

  it('never loses the lowest or the highest, nor either end', () => {
    fc.assert(fc.property(series, fc.integer({ min: 8, max: 50 }), (rows, limit) => {
      const kept = keep(rows, bucketFor(rows, 1, limit));
      for (const name of ['value', 'evaluation'] as const) {
        const numbers = (list: readonly Point[]): number[] => list.flatMap(point => point[name] ?? []);
        assert.deepEqual([Math.min(...numbers(kept)), Math.max(...numbers(kept))], [Math.min(...numbers(rows)), Math.max(...numbers(rows))]);
      }
      assert.deepEqual([kept[0], kept.at(-1)], [rows[0], rows.at(-1)]);
    }), { seed: SEED });
  });
});
