/** Data directories in temporary folders, supervised by what pretends to train. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { JobManager, Supervisor, type SupervisorOptions } from '../../src/jobs';
import type { RunStatus } from '../../src/shared/events';
import type { Problem } from '../../src/shared/problem';

const FAKE_TRAINER = fileURLToPath(new URL('./fakeTrainer.mjs', import.meta.url));
export const FAKE_PROGRAM = { file: process.execPath, args: [FAKE_TRAINER] };

export interface FakeRun {
  steps?: number;
  step_ms?: number;
  save_ms?: number;
  die_at?: number;
  exit_code?: number | 'SIGKILL';
  say?: string;
  ignore_stop?: boolean;
  fail_at?: number;
}

export const recipeOf = (fake: FakeRun = {}, output_name = 'wizard'): unknown => ({ output_name, base_model: 'tiny', fake });

/** Everything opened here is closed, and every folder removed, after the test. */
export class JobsFixture {
  readonly folder = fs.mkdtempSync(path.join(os.tmpdir(), 'merlina-jobs-'));
  readonly notices: Problem[] = [];
  private readonly opened: { close(): Promise<void> }[] = [];

  async manager(): Promise<JobManager> {
    const manager = await JobManager.open(this.folder, { onNotice: notice => this.notices.push(notice) });
    this.opened.unshift(manager);
    return manager;
  }

  supervisor(manager: JobManager, options: Partial<SupervisorOptions> = {}): Supervisor {
    const supervisor = new Supervisor(manager, {
      trainer: FAKE_PROGRAM, intervalMs: 20, startGraceMs: 1000, stopGraceMs: 5000, terminateGraceMs: 1000, ...options,
    });
    this.opened.unshift(supervisor);
    return supervisor;
  }

  async close(): Promise<void> {
    for (const one of this.opened) await one.close();
    this.killTrainers();
    fs.rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }

  /** Also those whose host is gone. */
  private killTrainers(): void {
    const runs = path.join(this.folder, 'runs');
    for (const name of fs.existsSync(runs) ? fs.readdirSync(runs) : []) {
      const file = path.join(runs, name, 'trainer.socket');
      if (!fs.existsSync(file)) continue;
      try {
        process.kill((JSON.parse(fs.readFileSync(file, 'utf8')) as { pid: number }).pid, 'SIGKILL');
      } catch {
        continue; // it had ended
      }
    }
  }
}

/** Waits until the job is in one of `statuses`; throws with what it is in when that takes too long. */
export async function until(manager: JobManager, jobId: string, statuses: RunStatus[], limitMs = 10_000): Promise<void> {
  const end = performance.now() + limitMs;
  for (;;) {
    manager.refresh();
    const job = manager.requireJob(jobId);
    if (statuses.includes(job.status)) return;
    if (performance.now() > end) throw new Error(`${jobId} is ${job.status}, not ${statuses.join(' or ')}. ${job.error ?? ''}`);
    await delay(10);
  }
}

/** Trains what is queued, to the end. */
export async function untilIdle(manager: JobManager, supervisor: Supervisor, limitMs = 20_000): Promise<void> {
  const end = performance.now() + limitMs;
  await supervisor.start();
  while (!supervisor.isIdle) {
    if (performance.now() > end) throw new Error(`Still open: ${JSON.stringify(manager.openJobs())}`);
    await delay(20);
    manager.refresh();
  }
}
