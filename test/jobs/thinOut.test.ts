import assert from 'node:assert/strict';
import fc from 'fast-check';
import { newRecord } from '../../src/jobs/jobRecord';
import { JobDatabase, METRIC_ROWS_LIMIT } from '../../src/jobs/store/jobDatabase';
import { loadSql } from '../../src/jobs/store/loadSql';
import { bucketFor, thinOut, type Point } from '../../src/jobs/store/thinOut';

const SEED = 5;
const series = fc.array(fc.option(fc.integer({ min: -20, max: 20 })), { maxLength: 200 }).map(values => values.map((value, step): Point => ({ step, value })));
const keep = (rows: readonly Point[], width: number): Point[] => thinOut(rows, width).map(index => rows[index]!);

describe('jobs/store/thinOut', () => {
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

  it('keeps every step of an ordinary run, and a long one small with its extremes', async () => {
    const database = new JobDatabase(await loadSql());
    database.putJob(newRecord('job_long', '2026-01-01T00:00:00.000Z', {}, '/runs/job_long'));
    const row = (step: number, loss: number) =>
      ({ step, timestamp: '', loss, eval_loss: null, learning_rate: 1e-4, gpu_memory_used: null, epoch: 0, grad_norm: 1, tokens_per_second: 1, extra: null });
    const piece = (from: number, count: number) => Array.from({ length: count }, (_, i) => row(from + i, from + i === 31_415 ? 99 : 1 / (from + i)));
    database.addMetrics('job_long', piece(1, METRIC_ROWS_LIMIT));
    assert.equal(database.getMetrics('job_long').length, METRIC_ROWS_LIMIT);
    for (let from = METRIC_ROWS_LIMIT + 1; from < 60_000; from += 5000) database.addMetrics('job_long', piece(from, 5000));
    const rows = database.getMetrics('job_long');
    assert.ok(rows.length <= METRIC_ROWS_LIMIT);
    assert.equal(Math.max(...rows.map(({ loss }) => loss!)), 99);
    assert.deepEqual([rows[0]!.step, database.getMetrics('job_long', { maxRows: 100 }).length <= 100], [1, true]);
    database.close();
  });
});
