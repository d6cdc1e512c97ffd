/** The real trainer, killed at random moments: the losses are those of the run that was never interrupted. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { JobManager } from '../../src/jobs';
import { Random } from '../../src/shared/random';
import { lossesOf, tinyRecipe } from '../training/tinyRun';
import { JobsFixture, until } from './jobsFixture';

const TRAINER = fileURLToPath(new URL('../../src/training/main.ts', import.meta.url));
const KILLS = process.env.npm_lifecycle_event === 'test:faults' ? 12 : 3;
const SEED = Number(process.env.MERLINA_FAULT_SEED ?? 5);

describe('real training under faults', function () {
  this.timeout(60_000 + KILLS * 20_000);
  let jobs: JobsFixture;
  beforeEach(() => { jobs = new JobsFixture(); });
  afterEach(() => jobs.close());

  it(`has the losses of the run that was never interrupted, after ${KILLS} kills of its trainer`, async () => {
    const manager = await jobs.manager();
    await jobs.supervisor(manager, { trainer: { file: process.execPath, args: ['--import', 'tsx', TRAINER] }, perDevice: 1, startGraceMs: 20_000 }).start();
    const recipe = tinyRecipe(jobs.folder, { num_epochs: 60, save_steps: 3, eval_steps: 0.25 });
    const whole = (await manager.createJob(recipe)).job_id;
    await until(manager, whole, ['completed'], 60_000);
    const killed = (await manager.createJob(recipe)).job_id;
    const random = Random.of(SEED);
    let kills = 0;
    for (let round = 0; round < KILLS && manager.requireJob(killed).status !== 'completed'; round++) {
      await until(manager, killed, ['training', 'completed'], 60_000);
      await delay(random.uniform() * 150);
      if (!kill(manager, killed)) continue;
      kills++;
      await until(manager, killed, ['failed', 'completed'], 10_000);
      if (manager.requireJob(killed).status === 'failed') await manager.resumeJob(killed);
    }
    await until(manager, killed, ['completed'], 120_000);
    assert.ok(kills > 0);
    assert.deepEqual(lossesOf(manager.folderOf(killed).root), lossesOf(manager.folderOf(whole).root));
    assert.deepEqual(withoutSpeed(manager, killed), withoutSpeed(manager, whole));
    const adapter = (id: string): Buffer => fs.readFileSync(path.join(manager.folderOf(id).root, 'adapter/adapter_model.safetensors'));
    assert.deepEqual(adapter(killed), adapter(whole));
    console.log(`      seed ${SEED}: ${kills} kills of the real trainer, ${lossesOf(manager.folderOf(killed).root).length} steps with the same losses, the same adapter`);
  });
});

function kill(manager: JobManager, jobId: string): boolean {
  try {
    return process.kill(Number(fs.readFileSync(manager.folderOf(jobId).pid, 'utf8')), 'SIGKILL');
  } catch {
    return false; // it has just ended
  }
}

/** The series of a run, as it is drawn, but for what depends on the machine. */
function withoutSpeed(manager: JobManager, jobId: string): unknown {
  const { tokens_per_second: _speed, step_seconds: _seconds, memory_bytes: _memory, peak_memory_bytes: _peak, gpu_memory_used: _gpu, ...series } = manager.getSeries(jobId);
  return series;
}
