/** Hosts in processes of their own: five at once, put to sleep, and one whose clock jumps. */
import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { isEnded } from '../../src/jobs';
import { JobsFixture, recipeOf, until } from './jobsFixture';

const HOST = fileURLToPath(new URL('./hostProgram.ts', import.meta.url));

describe('jobs with several hosts', function () {
  this.timeout(60_000);
  let jobs: JobsFixture;
  const hosts: ChildProcess[] = [];
  beforeEach(() => { jobs = new JobsFixture(); });
  afterEach(async () => {
    for (const host of hosts.splice(0)) {
      if (host.exitCode !== null || host.signalCode !== null) continue;
      host.kill('SIGKILL');
      await once(host, 'exit');
    }
    await jobs.close();
  });

  function startHost(...args: string[]): ChildProcess {
    const host = spawn(process.execPath, ['--import', 'tsx', HOST, jobs.folder, ...args], { stdio: ['ignore', 'ignore', 'inherit'] });
    hosts.push(host);
    return host;
  }

  it('lets five hosts submit and stop at once: no job is lost, none is started twice, none is stuck', async () => {
    for (let i = 0; i < 5; i++) startHost('4');
    const manager = await jobs.manager();
    for (const end = performance.now() + 50_000; ; await delay(100)) {
      manager.refresh();
      const all = manager.listJobs();
      if (all.length === 20 && all.every(({ status }) => isEnded(status))) break;
      assert.ok(performance.now() < end, JSON.stringify(all.map(({ job_id, status }) => [job_id, status])));
    }
    for (const { job_id, status } of manager.listJobs()) {
      const { root, events } = manager.folderOf(job_id);
      const starts = fs.existsSync(`${root}/starts.txt`) ? fs.readFileSync(`${root}/starts.txt`, 'utf8').trim().split('\n').length : 0;
      assert.equal(starts, status === 'cancelled' ? 0 : 1, `${job_id} ${status}`);
      assert.ok(status === 'cancelled' || fs.existsSync(events));
      assert.ok(['completed', 'stopped', 'cancelled'].includes(status), status);
    }
  });

  it('takes a sleep of the machine for no hang', async function () {
    if (process.platform === 'win32') {
      this.test!.title += ' (needs SIGSTOP, which Windows lacks: run it on Linux or macOS)';
      return this.skip();
    }
    const manager = await jobs.manager();
    const { job_id } = await manager.createJob(recipeOf({ steps: 60, step_ms: 20 }));
    const host = startHost();
    await until(manager, job_id, ['training'], 20_000);
    const trainer = Number(fs.readFileSync(manager.folderOf(job_id).pid, 'utf8'));
    for (const pid of [host.pid!, trainer]) process.kill(pid, 'SIGSTOP');
    await delay(3000);
    for (const pid of [host.pid!, trainer]) process.kill(pid, 'SIGCONT');
    await until(manager, job_id, ['completed'], 20_000);
    assert.equal(manager.requireJob(job_id).attempt, 1);
    assert.equal(fs.readFileSync(`${manager.folderOf(job_id).root}/starts.txt`, 'utf8').trim().split('\n').length, 1);
  });

  it('is not moved by a clock that jumps: nothing hangs, fails or changes its place', async () => {
    const RealDate = Date;
    let offsetMs = 0;
    class JumpingDate extends RealDate {
      constructor(...args: [] | [number]) {
        super(...(args.length === 0 ? [RealDate.now() + offsetMs] : args) as [number]);
      }
      static override now(): number { return RealDate.now() + offsetMs; }
    }
    globalThis.Date = JumpingDate as DateConstructor;
    try {
      const manager = await jobs.manager();
      const ids: string[] = [];
      for (const jump of [0, 86_400_000, -86_400_000]) {
        offsetMs = jump;
        ids.push((await manager.createJob(recipeOf({ steps: 30, step_ms: 10 }))).job_id);
      }
      assert.deepEqual(manager.queue(), ids);
      await jobs.supervisor(manager, { startGraceMs: 5000 }).start();
      for (const [i, id] of ids.entries()) {
        await until(manager, id, ['training'], 20_000);
        offsetMs = i % 2 === 0 ? 86_400_000 : -86_400_000;
        await until(manager, id, ['completed'], 20_000);
        const { attempt, seconds_per_step } = manager.requireJob(id);
        assert.ok(attempt === 1 && seconds_per_step! < 1);
        assert.deepEqual(manager.getMetrics(id).map(({ step }) => step), Array.from({ length: 30 }, (_, n) => n + 1));
      }
    } finally {
      globalThis.Date = RealDate;
    }
  });
});
