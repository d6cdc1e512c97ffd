import assert from 'node:assert/strict';
import fs from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { FAKE_PROGRAM, JobsFixture, recipeOf, until, untilIdle } from './jobsFixture';

describe('jobs/supervisor', () => {
  let jobs: JobsFixture;
  beforeEach(() => { jobs = new JobsFixture(); });
  afterEach(() => jobs.close());

  it('trains what is queued, one after the other, by priority', async () => {
    const manager = await jobs.manager();
    const [first, low, high] = [await manager.createJob(recipeOf()), await manager.createJob(recipeOf(), { priority: 'low' }), await manager.createJob(recipeOf(), { priority: 'high' })];
    await untilIdle(manager, jobs.supervisor(manager));
    const ended = manager.listJobs();
    assert.deepEqual(ended.map(({ status }) => status), ['completed', 'completed', 'completed']);
    const inOrder = ended.sort((a, b) => (a.updated_at < b.updated_at ? -1 : 1)).map(({ job_id }) => job_id);
    assert.deepEqual(inOrder, [high, first, low].map(({ job_id }) => job_id));
    const job = manager.requireJob(first.job_id);
    assert.deepEqual([job.progress, job.current_step, job.total_steps, job.attempt, job.metrics], [1, 5, 5, 1, { loss: 0.2 }]);
    assert.deepEqual(manager.getMetrics(first.job_id).map(({ step, loss, extra }) => [step, loss, extra?.['rewards/margins']]), [[1, 1, 1], [2, 1 / 2, 2], [3, 1 / 3, 3], [4, 1 / 4, 4], [5, 1 / 5, 5]]);
  });

  it('stops with a checkpoint and resumes with the losses of a run that was never interrupted', async () => {
    const manager = await jobs.manager();
    const { job_id } = await manager.createJob(recipeOf({ steps: 20, step_ms: 20 }));
    const supervisor = jobs.supervisor(manager);
    await supervisor.start();
    await until(manager, job_id, ['training']);
    await delay(100);
    await manager.stopJob(job_id);
    await until(manager, job_id, ['stopped']);
    const { current_step } = manager.requireJob(job_id);
    assert.ok(current_step! > 0 && current_step! < 20);
    await manager.resumeJob(job_id);
    await until(manager, job_id, ['completed']);
    assert.equal(manager.requireJob(job_id).attempt, 2);
    assert.deepEqual(manager.getMetrics(job_id).map(({ step, loss }) => [step, loss]), Array.from({ length: 20 }, (_, i) => [i + 1, 1 / (i + 1)]));
  });

  it('cancels what waits, at once', async () => {
    const manager = await jobs.manager();
    const { job_id } = await manager.createJob(recipeOf());
    assert.equal((await manager.stopJob(job_id)).status, 'cancelled');
    await untilIdle(manager, jobs.supervisor(manager));
    assert.equal(manager.requireJob(job_id).status, 'cancelled');
    assert.ok(!fs.existsSync(manager.folderOf(job_id).events));
  });

  it('says within two seconds how a trainer died: exit code, signal, memory, disk, with its last lines', async () => {
    const manager = await jobs.manager();
    const supervisor = jobs.supervisor(manager, { perDevice: 4 });
    const cases = [
      { fake: { die_at: 2, exit_code: 7, say: 'Something broke.' }, said: /exit code 7\.[^]*Something broke\./ },
      { fake: { die_at: 2, exit_code: 'SIGKILL' as const }, said: /killed \(SIGKILL\)/ },
      { fake: { die_at: 5, exit_code: 134, say: 'FATAL ERROR: JavaScript heap out of memory' }, said: /exit code 134; memory ran out\.\n[^]*resumed from its newest checkpoint/ },
      { fake: { die_at: 2, exit_code: 1, say: 'ENOSPC: no space left on device' }, said: /exit code 1; the disk is full\./ },
    ];
    const ids = [];
    for (const { fake } of cases) ids.push((await manager.createJob(recipeOf({ steps: 9, ...fake }))).job_id);
    await supervisor.start();
    for (const [i, { said }] of cases.entries()) {
      await until(manager, ids[i]!, ['failed'], 5000);
      assert.match(manager.requireJob(ids[i]!).error!, said);
    }
  });

  it('reports a failure that the trainer could say itself', async () => {
    const manager = await jobs.manager();
    const { job_id } = await manager.createJob(recipeOf({ fail_at: 2 }));
    await untilIdle(manager, jobs.supervisor(manager));
    const { status, error } = manager.requireJob(job_id);
    assert.deepEqual([status, error], ['failed', 'The loss became NaN.']);
  });

  it('re-attaches to a trainer that another host started, and notices its death within two seconds', async () => {
    const first = await jobs.manager();
    const { job_id } = await first.createJob(recipeOf({ steps: 1000, step_ms: 20 }));
    const starter = jobs.supervisor(first);
    await starter.start();
    await until(first, job_id, ['training']);
    await starter.close();
    const second = await jobs.manager();
    await jobs.supervisor(second).start();
    const pid = Number(fs.readFileSync(second.folderOf(job_id).pid, 'utf8'));
    const killedMs = performance.now();
    process.kill(pid, 'SIGKILL');
    await until(second, job_id, ['failed'], 2000);
    assert.ok(performance.now() - killedMs < 2000);
    assert.match(second.requireJob(job_id).error!, /gone, and nobody saw how/);
    assert.equal(fs.readFileSync(`${second.folderOf(job_id).root}/starts.txt`, 'utf8').trim().split('\n').length, 1);
  });

  it('is not fooled by a recycled process number', async () => {
    const manager = await jobs.manager();
    const { job_id } = await manager.createJob(recipeOf({ steps: 1000, step_ms: 20 }));
    const starter = jobs.supervisor(manager);
    await starter.start();
    await until(manager, job_id, ['training']);
    await starter.close();
    const folder = manager.folderOf(job_id);
    process.kill(Number(fs.readFileSync(folder.pid, 'utf8')), 'SIGKILL');
    fs.writeFileSync(folder.pid, `${process.pid}\n`);
    await jobs.supervisor(manager).start();
    await until(manager, job_id, ['failed'], 2000);
  });

  it('terminates, then kills, a trainer that does not heed a stop', async () => {
    const manager = await jobs.manager();
    const { job_id } = await manager.createJob(recipeOf({ steps: 1000, step_ms: 20, ignore_stop: true }));
    await jobs.supervisor(manager, { stopGraceMs: 100, terminateGraceMs: 100 }).start();
    await until(manager, job_id, ['training']);
    await manager.stopJob(job_id);
    await until(manager, job_id, ['stopping']);
    await until(manager, job_id, ['stopped'], 3000);
  });

  it('starts a job once, however many hosts are at work', async () => {
    const managers = await Promise.all([jobs.manager(), jobs.manager(), jobs.manager()]);
    const ids = [];
    for (let i = 0; i < 9; i++) ids.push((await managers[i % 3]!.createJob(recipeOf({ steps: 3 }))).job_id);
    const supervisors = managers.map(manager => jobs.supervisor(manager));
    await Promise.all(supervisors.map(supervisor => supervisor.start()));
    for (const id of ids) await until(managers[0]!, id, ['completed'], 30_000);
    for (const id of ids) assert.equal(fs.readFileSync(`${managers[0]!.folderOf(id).root}/starts.txt`, 'utf8').trim().split('\n').length, 1);
  });

  it('queues a job again whose host died before the trainer began', async () => {
    const manager = await jobs.manager();
    const { job_id } = await manager.createJob(recipeOf());
    await manager.change(job_id, job => ({ ...job, state: 'running', attempt: 1 }));
    await untilIdle(manager, jobs.supervisor(manager, { startGraceMs: 50 }));
    assert.deepEqual([manager.requireJob(job_id).status, manager.requireJob(job_id).attempt], ['completed', 2]);
  });

  it('fails a job whose trainer cannot be started', async () => {
    const manager = await jobs.manager();
    const { job_id } = await manager.createJob(recipeOf());
    await untilIdle(manager, jobs.supervisor(manager, { trainer: { ...FAKE_PROGRAM, file: 'no-such-node' } }));
    assert.match(manager.requireJob(job_id).error!, /ENOENT/);
  });
});
