import assert from 'node:assert/strict';
import { newRecord } from '../../src/jobs/jobRecord';
import { JobDatabase, METRIC_ROWS_LIMIT } from '../../src/jobs/store/jobDatabase';
import { loadSql } from '../../src/jobs/store/loadSql';

describe('jobs/store/jobDatabase', () => {
  it('keeps every step of an ordinary run, and a long one small with its extremes and evaluations', async () => {
    const database = new JobDatabase(await loadSql());
    database.putJob(newRecord('job_long', '2026-01-01T00:00:00.000Z', {}, '/runs/job_long'));
    const row = (step: number, loss: number) =>
      ({ step, timestamp: '', loss, eval_loss: step % 500 === 0 ? 2 : null, learning_rate: 1e-4, gpu_memory_used: null, epoch: 0, grad_norm: 1, tokens_per_second: 1, extra: null });
    const piece = (from: number, count: number) => Array.from({ length: count }, (_, i) => row(from + i, from + i === 31_415 ? 99 : 1 / (from + i)));
    database.addMetrics('job_long', piece(1, METRIC_ROWS_LIMIT));
    assert.equal(database.getMetrics('job_long').length, METRIC_ROWS_LIMIT);
    for (let from = METRIC_ROWS_LIMIT + 1; from < 60_000; from += 5000) database.addMetrics('job_long', piece(from, 5000));
    const rows = database.getMetrics('job_long');
    assert.ok(rows.length <= METRIC_ROWS_LIMIT);
    assert.equal(Math.max(...rows.map(({ loss }) => loss!)), 99);
    assert.equal(database.getMetrics('job_long', { isEvaluated: true }).length, Math.floor(rows.at(-1)!.step / 500));
    assert.deepEqual([rows[0]!.step, database.getMetrics('job_long', { maxRows: 100 }).length <= 100], [1, true]);
    database.close();
  });

  it('keeps what training and evaluation say of one step, and what is said anew', async () => {
    const database = new JobDatabase(await loadSql());
    database.putJob(newRecord('job_pairs', '2026-01-01T00:00:00.000Z', {}, '/runs/job_pairs'));
    const row = { step: 4, timestamp: '', loss: null, eval_loss: null, learning_rate: null, gpu_memory_used: null, epoch: null, grad_norm: null, tokens_per_second: null, extra: null };
    database.addMetrics('job_pairs', [{ ...row, loss: 1, extra: { 'rewards/chosen': -1, 'logps/chosen': -20 } }]);
    database.addMetrics('job_pairs', [{ ...row, eval_loss: 2, extra: { 'eval_rewards/chosen': -3, 'logps/chosen': -21 } }, row]);
    assert.deepEqual(database.getMetrics('job_pairs'), [
      { ...row, loss: 1, eval_loss: 2, extra: { 'rewards/chosen': -1, 'logps/chosen': -21, 'eval_rewards/chosen': -3 } },
    ]);
    database.addMetrics('job_pairs', [{ ...row, step: 5, loss: 1 }, { ...row, step: 5, extra: { 'eval_rewards/chosen': -2 } }]);
    assert.deepEqual(database.getMetrics('job_pairs', { fromStep: 5 })[0]!.extra, { 'eval_rewards/chosen': -2 });
    database.close();
  });
});
