import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { JobManager } from '../../src/jobs';
import { JobsFixture, recipeOf, untilIdle } from './jobsFixture';

const WORKER = fileURLToPath(new URL('./databaseWorker.mjs', import.meta.url));

describe('jobs/store/databaseSaver', () => {
  let jobs: JobsFixture;
  beforeEach(() => { jobs = new JobsFixture(); });
  afterEach(() => jobs.close());
  const db = (): string => path.join(jobs.folder, 'jobs.db');
  const open = (workerFile = WORKER): Promise<JobManager> => JobManager.open(jobs.folder, { workerFile, onNotice: notice => jobs.notices.push(notice) });

  it('saves by a thread what the host has, change by change', async () => {
    const manager = await open();
    const ids: string[] = [];
    for (let i = 0; i < 4; i++) ids.push((await manager.createJob(recipeOf())).job_id);
    await manager.flush();
    await manager.stopJob(ids[3]!);
    await manager.deleteJob(ids[3]!);
    const supervisor = jobs.supervisor(manager);
    await untilIdle(manager, supervisor);
    await supervisor.close();
    const row = { step: 9, timestamp: '', loss: 0.5, eval_loss: null, learning_rate: null, gpu_memory_used: null, epoch: null, grad_norm: null, tokens_per_second: null, extra: { 'rewards/margins': 1 } };
    manager.addMetric(ids[1]!, row);
    await manager.flush();
    const jobsBefore = manager.listJobs();
    const metrics = ids.map(id => manager.getMetrics(id));
    await manager.close();
    const reader = await jobs.manager();
    assert.deepEqual([reader.listJobs(), ids.map(id => reader.getMetrics(id)), jobs.notices], [jobsBefore, metrics, []]);
  });

  it('goes on without the thread when it cannot run, and says so', async () => {
    const manager = await open(path.join(jobs.folder, 'no-such-worker.mjs'));
    const { job_id } = await manager.createJob(recipeOf());
    await manager.close();
    assert.deepEqual(jobs.notices.map(({ id }) => id), ['jobs/not-saved']);
    assert.equal((await jobs.manager()).requireJob(job_id).status, 'queued');
    assert.equal(jobs.notices.length, 1);
  });

  it('leaves the writing to one process at a time, and takes over when that one ends', async () => {
    const [writer, other] = [await jobs.manager(), await jobs.manager()];
    const first = (await writer.createJob(recipeOf())).job_id;
    await writer.flush();
    const saved = fs.readFileSync(db());
    const second = (await other.createJob(recipeOf())).job_id;
    await other.flush();
    assert.deepEqual(fs.readFileSync(db()), saved);
    assert.deepEqual(writer.refresh(), [second]);
    await writer.close();
    await other.stopJob(first);
    await other.flush();
    assert.notDeepEqual(fs.readFileSync(db()), saved);
  });
});
