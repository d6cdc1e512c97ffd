import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { JobManager } from '../../src/jobs';
import { Random } from '../../src/shared/random';
import { JobsFixture, recipeOf } from './jobsFixture';

const HOST = fileURLToPath(new URL('./hostProgram.ts', import.meta.url));
const TSX = import.meta.resolve('tsx');
const STEPS = 30;
const ROUNDS = Number(process.env.MERLINA_FAULT_ROUNDS ?? (process.env.npm_lifecycle_event === 'test:faults' ? 200 : 10));
/** The same faults in the same order each time; what they hit is the machine's. */
const SEED = Number(process.env.MERLINA_FAULT_SEED ?? 5);

function startHost(folder: string): ChildProcess {
  return spawn(process.execPath, ['--import', TSX, HOST, folder], { stdio: ['ignore', 'ignore', 'inherit'] });
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGKILL');
  await once(child, 'exit');
}

/** Kills the trainers that run just now; gives how many. */
function killTrainers(manager: JobManager): number {
  let killed = 0;
  for (const { job_id } of manager.openJobs()) {
    try {
      process.kill((JSON.parse(fs.readFileSync(manager.folderOf(job_id).socket, 'utf8')) as { pid: number }).pid, 'SIGKILL');
      killed++;
    } catch {
      continue; // none runs
    }
  }
  return killed;
}

/** Waits for a moment that may not come. */
async function comesTo(isNow: () => boolean): Promise<boolean> {
  for (const end = performance.now() + 2000; performance.now() < end; await delay(1)) if (isNow()) return true;
  return false;
}

function isSaving(folder: string): boolean {
  return fs.readdirSync(folder).some(name => name.startsWith('.unfinished-jobs.db'));
}

function isCheckpointing(manager: JobManager): boolean {
  return manager.openJobs().some(({ job_id }) => fs.readdirSync(manager.folderOf(job_id).checkpoints).some(name => name.startsWith('.unfinished-')));
}

/** What else may befall the files, while no host runs. */
const DAMAGES: readonly [string, (folder: string, random: () => number) => void][] = [
  ['jobs.db cut', folder => cut(path.join(folder, 'jobs.db'))],
  ['jobs.db garbage', folder => fs.writeFileSync(path.join(folder, 'jobs.db'), Buffer.alloc(9000, 0x5a))],
  ['jobs.db lost', folder => fs.rmSync(path.join(folder, 'jobs.db'), { force: true })],
  ['journal lost', folder => fs.rmSync(path.join(folder, 'jobs.journal'), { force: true })],
  ['garbage in events', (folder, random) => {
    const runs = fs.readdirSync(path.join(folder, 'runs')).sort();
    const events = path.join(folder, 'runs', runs[Math.floor(random() * runs.length)]!, 'events.ndjson');
    if (fs.existsSync(events)) fs.appendFileSync(events, '{"type":"metrics","st\u0000\u0000\nnull\n');
  }],
];

function cut(file: string): void {
  if (fs.existsSync(file)) fs.truncateSync(file, Math.floor(fs.statSync(file).size / 3));
}

describe('jobs under faults', function () {
  this.timeout(60_000 + ROUNDS * 20_000);
  let jobs: JobsFixture;
  let host: ChildProcess | undefined;
  beforeEach(() => { jobs = new JobsFixture(); });
  afterEach(async () => {
    if (host) await kill(host);
    await jobs.close();
  });

  it(`loses no job, trains none twice, and ends each run with its whole series, over ${ROUNDS} kills of trainers and hosts`, async () => {
    const generator = Random.of(SEED);
    const random = (): number => generator.uniform();
    const counts: Record<string, number> = {};
    const count = (what: string, by = 1): void => { counts[what] = (counts[what] ?? 0) + by; };
    const submitted: string[] = [];
    const manager = await jobs.manager();
    const submit = async (): Promise<void> => {
      submitted.push((await manager.createJob(recipeOf({ steps: STEPS, step_ms: 15, save_ms: 5 }))).job_id);
      count('jobs submitted');
    };
    const resumeFailed = async (): Promise<void> => {
      manager.refresh();
      for (const { job_id } of manager.listJobs({ status: ['failed', 'stopped'] })) {
        await manager.resumeJob(job_id);
        count('resumed');
      }
    };
    await submit();
    for (let round = 0; round < ROUNDS; round++) {
      host ??= startHost(jobs.folder);
      await submit();
      const victim = (['trainer', 'host', 'both'] as const)[Math.floor(random() * 3)]!;
      const moment = (['at any time', 'during a checkpoint', 'during a save'] as const)[Math.floor(random() * 3)]!;
      await delay(random() * 1500);
      if (moment !== 'at any time' && await comesTo(() => (moment === 'during a save' ? isSaving(jobs.folder) : isCheckpointing(manager)))) count(`hit ${moment}`);
      manager.refresh();
      if (victim !== 'host') count('trainers killed', killTrainers(manager));
      if (victim !== 'trainer') {
        await kill(host);
        host = undefined;
        count('hosts killed');
        if (random() < 0.5) {
          const [what, damage] = DAMAGES[Math.floor(random() * DAMAGES.length)]!;
          damage(jobs.folder, random);
          count(what);
        }
      }
      if (random() < 0.3) await resumeFailed();
    }
    host ??= startHost(jobs.folder);
    for (const end = performance.now() + 30_000 + ROUNDS * 5000; manager.countJobs({ status: ['completed'] }) < submitted.length; await delay(100)) {
      await resumeFailed();
      assert.ok(performance.now() < end, `Stuck: ${JSON.stringify(manager.listJobs().map(({ job_id, status, error }) => [job_id, status, error]))}`);
    }
    await kill(host);
    const reader = await jobs.manager();
    assert.deepEqual(reader.listJobs().map(({ job_id }) => job_id).sort(), [...submitted].sort());
    for (const id of submitted) {
      const folder = reader.folderOf(id);
      assert.deepEqual(reader.getMetrics(id).map(({ step, loss }) => [step, loss]), Array.from({ length: STEPS }, (_, i) => [i + 1, 1 / (i + 1)]));
      for (const step of folder.checkpointSteps()) {
        assert.deepEqual(JSON.parse(fs.readFileSync(path.join(folder.checkpoints, `step-${step}`, 'state.json'), 'utf8')), { step });
        count('checkpoints loaded');
      }
      assert.deepEqual(turnsOf(folder.events), [...new Set(turnsOf(folder.events))], `two trainers wrote to ${id} at once`);
    }
    console.log(`      seed ${SEED}: ${Object.entries(counts).map(([what, n]) => `${n} ${what}`).join(', ')}`);
  });
});

/** The trainers that wrote a run's steps, in turns: A B A means that two were at work at once. */
function turnsOf(events: string): number[] {
  const pids = fs.readFileSync(events, 'utf8').split('\n').flatMap(line => /"type":"metrics".*"pid":(\d+)/.exec(line)?.[1] ?? []).map(Number);
  return pids.filter((pid, i) => pid !== pids[i - 1]);
}
