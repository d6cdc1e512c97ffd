import assert from 'node:assert/strict';
import { newRecord } from '../../src/jobs/jobRecord';
import { JobDatabase, METRIC_ROWS_LIMIT } from '../../src/jobs/store/jobDatabase';
import { loadSql } from '../../src/jobs/store/loadSql';

describe('jobs/store/jobDatabase', () => {
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
