/** A full disk and a read-only one: a small file system in memory, mounted where the tests run as root on Linux. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import type { ProblemError } from '../../src/shared/problem';
import { JobsFixture, recipeOf, until } from './jobsFixture';

const run = (command: string, ...args: string[]): boolean => spawnSync(command, args).status === 0;
const idOf = (error: ProblemError): string => error.problems[0]!.id;

describe('jobs on bad disks', () => {
  let jobs: JobsFixture;
  beforeEach(function () {
    jobs = new JobsFixture();
    if (process.platform === 'linux' && run('mount', '-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', jobs.folder)) return;
    this.test!.parent!.title += ' (needs root on Linux, to mount: sudo npm test)';
    this.skip();
  });
  afterEach(async () => {
    await jobs.close().catch(() => {}); // the mount point itself stays
    run('umount', '-l', jobs.folder);
    fs.rmSync(jobs.folder, { recursive: true, force: true });
  });
  const file = (name: string): string => path.join(jobs.folder, name);

  /** Leaves not a byte. */
  function fill(): void {
    const handle = fs.openSync(file('filler'), 'w');
    try {
      for (const size of [65_536, 4096, 1]) {
        try {
          for (;;) fs.writeSync(handle, Buffer.alloc(size));
        } catch {
          continue; // smaller pieces may still fit
        }
      }
    } finally {
      fs.closeSync(handle);
    }
  }

  it('submits whole or not at all when the disk is full, and goes on when there is room', async () => {
    const manager = await jobs.manager();
    const { job_id } = await manager.createJob(recipeOf());
    await manager.flush();
    fill();
    await assert.rejects(manager.createJob(recipeOf()), (error: ProblemError) => idOf(error) === 'jobs/not-submitted' && error.message.includes('ENOSPC'));
    await assert.rejects(manager.stopJob(job_id), (error: ProblemError) => idOf(error) === 'jobs/not-changed');
    const errors: unknown[] = [];
    const supervisor = jobs.supervisor(manager, { onError: error => errors.push(error) });
    await supervisor.start();
    assert.ok(errors.length > 0);
    const other = await jobs.manager();
    assert.deepEqual(other.listJobs().map(job => [job.job_id, job.status]), [[job_id, 'queued']]);
    fs.rmSync(file('filler'));
    await until(manager, job_id, ['completed']);
    assert.deepEqual(fs.readdirSync(file('runs')), [job_id]);
  });

  it('keeps the last jobs.db when a save does not fit, and loses nothing', async () => {
    const manager = await jobs.manager();
    const { job_id } = await manager.createJob(recipeOf());
    await manager.flush();
    const saved = fs.readFileSync(file('jobs.db'));
    fill();
    manager.addMetric(job_id, { step: 1, timestamp: '', loss: 1, eval_loss: null, learning_rate: null, gpu_memory_used: null, epoch: null, grad_norm: null, tokens_per_second: null, extra: null });
    await manager.flush();
    assert.deepEqual(jobs.notices.map(({ id }) => id), ['jobs/not-saved']);
    assert.deepEqual(fs.readFileSync(file('jobs.db')), saved);
    fs.rmSync(file('filler'));
    assert.equal((await jobs.manager()).requireJob(job_id).status, 'queued');
  });

  it('shows the history of a read-only folder, and says that nothing can be changed', async () => {
    const { job_id } = await (await jobs.manager()).createJob(recipeOf());
    await (await jobs.manager()).flush();
    assert.ok(run('mount', '-o', 'remount,ro', jobs.folder));
    const reader = await jobs.manager();
    assert.equal(reader.requireJob(job_id).status, 'queued');
    for (const change of [() => reader.createJob(recipeOf()), () => reader.stopJob(job_id), () => reader.deleteJob(job_id)]) {
      await assert.rejects(change(), (error: ProblemError) => idOf(error) === 'jobs/locked' && error.message.includes('EROFS'));
    }
    assert.ok(run('mount', '-o', 'remount,rw', jobs.folder));
  });
});
