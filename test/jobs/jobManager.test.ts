import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ProblemError } from '../../src/shared/problem';
import { JobFolder, JobManager, STATUSES } from '../../src/jobs';
import { JobsFixture, recipeOf, until, untilIdle } from './jobsFixture';

const fixtures = fileURLToPath(new URL('../fixtures/jobs/', import.meta.url));
const idOf = (error: ProblemError): string => error.problems[0]!.id;

describe('jobs/JobManager', () => {
  let jobs: JobsFixture;
  beforeEach(() => { jobs = new JobsFixture(); });
  afterEach(() => jobs.close());
  const file = (name: string): string => path.join(jobs.folder, name);

  /** A history of three: completed, cancelled, queued. Its ids. */
  async function history(): Promise<string[]> {
    const manager = await jobs.manager();
    const trained = (await manager.createJob(recipeOf({}, 'Trained'))).job_id;
    const supervisor = jobs.supervisor(manager);
    await supervisor.start();
    await until(manager, trained, ['completed']);
    await supervisor.close();
    const cancelled = (await manager.createJob(recipeOf({}, 'dropped'))).job_id;
    await manager.stopJob(cancelled);
    const queued = (await manager.createJob(recipeOf({}, 'waiting'), { priority: 'high' })).job_id;
    await manager.close();
    return [trained, cancelled, queued];
  }

  it('opens and migrates what Merlina\'s Python wrote', async () => {
    fs.copyFileSync(path.join(fixtures, 'merlina-python.db'), file('jobs.db'));
    const manager = await jobs.manager();
    assert.deepEqual(manager.listJobs().map(({ job_id, status, priority, run_dir }) => [job_id, status, priority, run_dir]), [
      ['job_20250102_120000_a1b2c3', 'saving', 'normal', null], ['job_20250101_120000', 'completed', 'normal', null],
    ]);
    assert.deepEqual(manager.requireJob('job_20250101_120000').metrics, { train_loss: 0.55 });
    assert.deepEqual(manager.getMetrics('job_20250101_120000', { fromStep: 4, toStep: 5 }).map(({ step, loss, gpu_memory_used }) => [step, loss, gpu_memory_used]), [[4, 0.25, 4.5], [5, 0.2, 4.5]]);
    await assert.rejects(manager.resumeJob('job_20250101_120000'), (error: ProblemError) => idOf(error) === 'jobs/not-now');
    // What it had stays, beside what is new.
    const { job_id } = await manager.createJob(recipeOf());
    await manager.flush();
    assert.equal((await jobs.manager()).countJobs(), 3);
    assert.equal((await jobs.manager()).requireJob(job_id).status, 'queued');
  });

  it('is read by Python when it has written', async function () {
    if (spawnSync('python3', ['--version']).status !== 0) {
      this.test!.title += ' (needs Python: apt-get install -y python3)';
      return this.skip();
    }
    const [id] = await history();
    const script = 'import sqlite3, sys; c = sqlite3.connect(sys.argv[1]); print(*c.execute("SELECT job_id, status, loss FROM jobs WHERE status = \'completed\'").fetchone())';
    assert.equal(spawnSync('python3', ['-c', script, file('jobs.db')]).stdout.toString().trim(), `${id} completed 0.2`);
  });

  it('refuses a database beside a log that is not merged, and leaves both alone', async () => {
    fs.copyFileSync(path.join(fixtures, 'merlina-python.db'), file('jobs.db'));
    fs.writeFileSync(file('jobs.db-wal'), Buffer.alloc(4152));
    await assert.rejects(jobs.manager(), (error: ProblemError) => idOf(error) === 'jobs/unmerged-log' && error.message.includes('4152 bytes'));
    assert.equal(fs.statSync(file('jobs.db-wal')).size, 4152);
    fs.truncateSync(file('jobs.db-wal'));
    assert.equal((await jobs.manager()).countJobs(), 2);
  });

  for (const [what, damage] of [
    ['lost', (db: string) => fs.rmSync(db)],
    ['cut in half', (db: string) => fs.truncateSync(db, Math.floor(fs.statSync(db).size / 2))],
    ['empty', (db: string) => fs.truncateSync(db)],
    ['garbage', (db: string) => fs.writeFileSync(db, 'not a database, but long enough to be looked at as one '.repeat(200))],
    ['overwritten in its midst', (db: string) => {
      const bytes = fs.readFileSync(db);
      fs.writeFileSync(db, bytes.fill(0xab, 4096, bytes.length));
    }],
  ] as const) {
    it(`rebuilds the history from the run directories when jobs.db is ${what}`, async () => {
      await history();
      const reader = await jobs.manager();
      const before = reader.listJobs();
      await reader.close();
      damage(file('jobs.db'));
      const after = await jobs.manager();
      assert.deepEqual(after.listJobs(), before);
      assert.equal(after.getMetrics(before.find(({ status }) => status === 'completed')!.job_id).length, 5);
      assert.deepEqual(jobs.notices.map(({ id }) => id), ['jobs/rebuilt']);
      await after.close();
      await jobs.manager();
      assert.equal(jobs.notices.length, 1);
    });
  }

  it('brings an old copy of jobs.db up to date', async () => {
    const [, cancelled, queued] = await history();
    fs.copyFileSync(file('jobs.db'), file('old.db'));
    const manager = await jobs.manager();
    await manager.resumeJob(cancelled!);
    await manager.stopJob(queued!);
    const added = await manager.createJob(recipeOf());
    await manager.deleteJob(queued!);
    await manager.flush();
    const before = manager.listJobs();
    fs.copyFileSync(file('old.db'), file('jobs.db'));
    assert.deepEqual((await jobs.manager()).listJobs(), before);
    assert.deepEqual(before.map(({ job_id }) => job_id).sort(), [before.find(({ status }) => status === 'completed')!.job_id, cancelled, added.job_id].sort());
  });

  it('follows what another process does', async () => {
    const [here, there] = [await jobs.manager(), await jobs.manager()];
    const { job_id } = await here.createJob(recipeOf());
    assert.deepEqual(there.refresh(), [job_id]);
    await there.stopJob(job_id);
    assert.deepEqual(here.refresh(), [job_id]);
    assert.equal(here.requireJob(job_id).status, 'cancelled');
    await here.deleteJob(job_id);
    assert.deepEqual(there.refresh(), [job_id]);
    assert.equal(there.getJob(job_id), undefined);
    assert.deepEqual([here.refresh(), there.refresh()], [[], []]);
  });

  it('leaves out garbage and half lines of events', async () => {
    const [trained] = await history();
    const { events } = (await jobs.manager()).folderOf(trained!);
    const lines = fs.readFileSync(events, 'utf8').split('\n');
    fs.writeFileSync(events, ['{"type":"metrics","step":-1}', '\u0000\u0000\ufffd', 'null', '[]', ...lines.slice(0, -1), '{"type":"metr'].join('\n'));
    fs.rmSync(file('jobs.db'));
    const rebuilt = await jobs.manager();
    assert.equal(rebuilt.requireJob(trained!).status, 'completed');
    assert.deepEqual(rebuilt.getMetrics(trained!).map(({ step }) => step), [1, 2, 3, 4, 5]);
  });

  it('reads the same whether it follows a run or reads it afterwards', async () => {
    const following = await jobs.manager();
    const ids: string[] = [];
    for (const fake of [{ steps: 12, die_at: 8 }, { steps: 30, step_ms: 2 }, { fail_at: 3 }]) ids.push((await following.createJob(recipeOf(fake))).job_id);
    await untilIdle(following, jobs.supervisor(following, { perDevice: 3, intervalMs: 5 }));
    const before = following.listJobs();
    await following.flush();
    fs.rmSync(file('jobs.db'));
    const reading = await jobs.manager();
    assert.deepEqual(reading.listJobs(), before);
    for (const id of ids) assert.deepEqual(reading.getMetrics(id), following.getMetrics(id));
  });

  it('says why a change is not possible', async () => {
    const [trained, cancelled] = await history();
    const manager = await jobs.manager();
    const says = (text: string) => (error: ProblemError): boolean => error.message === text;
    await assert.rejects(manager.stopJob(trained!), says(`The job ${trained} has ended (completed) and cannot be stopped.`));
    await assert.rejects(manager.resumeJob(trained!), says(`The job ${trained} is complete and cannot be resumed. To train further, submit a recipe whose init_adapter is ${manager.folderOf(trained!).root}/adapter.`));
    await assert.rejects(manager.stopJob('job_x'), says('There is no job "job_x". See `merlina jobs list` for the ids.'));
    await manager.resumeJob(cancelled!);
    await assert.rejects(manager.resumeJob(cancelled!), says(`The job ${cancelled} is queued and cannot be resumed.`));
  });

  it('filters, searches and pages', async () => {
    await history();
    const manager = await jobs.manager();
    assert.equal(manager.countJobs({ status: ['queued', 'cancelled'] }), 2);
    assert.deepEqual(manager.listJobs({ text: 'trained' }).map(({ status }) => status), ['completed']);
    assert.equal(manager.countJobs({ status: [...STATUSES], text: "'; DROP TABLE jobs; --" }), 0);
    const pages = [0, 1, 2, 3].flatMap(offset => manager.listJobs({ limit: 1, offset }));
    assert.deepEqual(pages, manager.listJobs());
  });

  it('submits nothing, and says so, where the folder cannot be written to', async () => {
    const manager = await jobs.manager();
    fs.rmSync(jobs.folder, { recursive: true });
    fs.writeFileSync(jobs.folder, 'a file where the folder should be');
    await assert.rejects(manager.createJob(recipeOf()), (error: ProblemError) => idOf(error) === 'jobs/no-folder');
    fs.rmSync(jobs.folder);
  });

  it('shows a run that was trained in the foreground', async () => {
    const manager = await jobs.manager();
    const { job_id } = await manager.createJob(recipeOf());
    await untilIdle(manager, jobs.supervisor(manager));
    fs.cpSync(manager.folderOf(job_id).root, file('runs/by-hand'), { recursive: true });
    fs.rmSync(file('runs/by-hand/job.json'));
    assert.deepEqual(manager.refresh(), ['by-hand']);
    assert.deepEqual([manager.requireJob('by-hand').status, manager.requireJob('by-hand').current_step], ['completed', 5]);
  });

  it('resumes from a chosen checkpoint, and says which there are', async () => {
    const manager = await jobs.manager();
    const { job_id } = await manager.createJob(recipeOf({ steps: 20, die_at: 11 }));
    const supervisor = jobs.supervisor(manager);
    await supervisor.start();
    await until(manager, job_id, ['failed']);
    await assert.rejects(manager.resumeJob(job_id, { from: 4 }), (error: ProblemError) => idOf(error) === 'jobs/no-checkpoint' && error.message.endsWith('It has those of steps 3, 6, 9.'));
    fs.writeFileSync(manager.folderOf(job_id).recipe, JSON.stringify(recipeOf({ steps: 20 })));
    await manager.resumeJob(job_id, { from: 3 });
    await until(manager, job_id, ['completed']);
    assert.equal(fs.readFileSync(`${manager.folderOf(job_id).root}/starts.txt`, 'utf8').split('\n')[1]!.replace(/\d+/, 'PID'), 'start PID --resume --from 3');
    assert.deepEqual(manager.getMetrics(job_id).map(({ step }) => step), Array.from({ length: 20 }, (_, i) => i + 1));
  });

  it('forgets the steps beyond the checkpoint that a run goes on from', async () => {
    const manager = await jobs.manager();
    const { job_id } = await manager.createJob(recipeOf({ steps: 20, die_at: 12 }));
    await jobs.supervisor(manager).start();
    await until(manager, job_id, ['failed']);
    await manager.resumeJob(job_id, { from: 3 });
    fs.writeFileSync(manager.folderOf(job_id).recipe, JSON.stringify(recipeOf({ steps: 20, die_at: 6 })));
    await until(manager, job_id, ['failed']);
    assert.deepEqual(manager.getMetrics(job_id).map(({ step }) => step), [1, 2, 3, 4, 5]);
  });

  it('tries an edited recipe as a new job that knows the old one, which stays as it was', async () => {
    const manager = await jobs.manager();
    const { job_id } = await manager.createJob(recipeOf({ fail_at: 2 }), { priority: 'low', device: 'cuda:0' });
    await assert.rejects(manager.retryJob(job_id), (error: ProblemError) => error.message.includes('is queued and cannot be tried again'));
    const supervisor = jobs.supervisor(manager);
    await supervisor.start();
    await until(manager, job_id, ['failed']);
    const before = manager.requireJob(job_id);
    const edited = await manager.retryJob(job_id, { recipe: recipeOf() });
    const same = await manager.retryJob(job_id, { priority: 'high' });
    await until(manager, edited.job_id, ['completed']);
    await until(manager, same.job_id, ['failed']);
    assert.deepEqual([edited.retry_of, edited.priority, same.retry_of, same.priority, same.config], [job_id, 'low', job_id, 'high', before.config]);
    assert.deepEqual(manager.requireJob(job_id), before);
  });

  it('moves what waits: by priority, first of all, before another; and nothing else', async () => {
    const manager = await jobs.manager();
    const ids: string[] = [];
    for (const priority of ['normal', 'normal', 'low', 'high'] as const) ids.push((await manager.createJob(recipeOf(), { priority })).job_id);
    const names = (): string => manager.queue().map(id => 'abcd'[ids.indexOf(id)]).join('');
    assert.equal(names(), 'dabc');
    await manager.updateJob(ids[2]!, { before: ids[1]! });
    assert.equal(names(), 'dacb');
    assert.equal(manager.requireJob(ids[2]!).priority, 'normal');
    await manager.updateJob(ids[1]!, { isFirst: true });
    assert.equal(names(), 'bdac');
    await manager.updateJob(ids[1]!, { priority: 'low' });
    assert.equal(names(), 'dacb');
    assert.deepEqual((await jobs.manager()).queue(), manager.queue());
    await manager.stopJob(ids[0]!);
    await assert.rejects(manager.updateJob(ids[0]!, { isFirst: true }), (error: ProblemError) => error.message.includes('has ended (cancelled) and cannot be moved'));
  });

  it('tells listeners what changed, whoever changed it', async () => {
    const [here, there] = [await jobs.manager(), await jobs.manager()];
    const told: string[] = [];
    const end = here.onChanged(ids => told.push(...ids));
    const { job_id } = await there.createJob(recipeOf());
    here.refresh();
    await here.stopJob(job_id);
    await there.deleteJob(job_id);
    here.refresh();
    end();
    await here.createJob(recipeOf());
    assert.deepEqual([...new Set(told)], [job_id]);
    assert.ok(told.length >= 3);
  });

  it('reads a long history in pieces where it may not take long, and misses nothing', async () => {
    const first = await jobs.manager();
    const ids: string[] = [(await first.createJob(recipeOf({ steps: 9, die_at: 5 }))).job_id, (await first.createJob(recipeOf())).job_id];
    const supervisor = jobs.supervisor(first);
    await untilIdle(first, supervisor);
    await supervisor.close();
    for (let i = 0; i < 30; i++) ids.push((await first.createJob(recipeOf())).job_id);
    await first.stopJob(ids[7]!);
    first.refresh();
    const wanted = first.listJobs();
    await first.close();
    fs.rmSync(file('jobs.db'));
    const hurried = await JobManager.open(jobs.folder, { refreshBudgetMs: 0 });
    assert.ok(hurried.isBehind);
    for (let looks = 1; looks < 2 * ids.length; looks++) hurried.refresh();
    assert.deepEqual(hurried.listJobs(), wanted);
    await hurried.close();
  });

  it('misses no change when the journal is lost and grows again', async () => {
    const writer = await jobs.manager();
    const ids: string[] = [];
    for (let i = 0; i < 3; i++) ids.push((await writer.createJob(recipeOf())).job_id);
    await writer.stopJob(ids[0]!);
    await writer.close();
    fs.copyFileSync(file('jobs.db'), file('old.db'));
    fs.rmSync(file('jobs.journal'));
    const other = await jobs.manager();
    await other.stopJob(ids[1]!);
    for (let i = 0; i < 5; i++) await other.updateJob(ids[2]!, { priority: i % 2 === 0 ? 'high' : 'low' });
    const wanted = other.listJobs();
    await other.close();
    fs.copyFileSync(file('old.db'), file('jobs.db'));
    assert.deepEqual((await jobs.manager()).listJobs(), wanted);
  });

  it('misses no change that is made while it looks', async () => {
    const [here, there] = [await jobs.manager(), await jobs.manager()];
    const { job_id } = await here.createJob(recipeOf());
    await here.stopJob(job_id);
    there.refresh();
    const { write } = JobFolder.prototype;
    JobFolder.prototype.write = function (job) {
      there.refresh();
      write.call(this, job);
    };
    try {
      await here.resumeJob(job_id);
    } finally {
      JobFolder.prototype.write = write;
    }
    there.refresh();
    assert.equal(there.requireJob(job_id).status, 'queued');
  });
});
