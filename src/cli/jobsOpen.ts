/** What the actions of `merlina jobs` share: the opened history, its keeper, and a job as a line. */
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { JobManager } from '../jobs';
import type { JobRecord } from '../jobs';
import { problemError, renderProblem } from '../shared/problem';
import { EXIT } from './command';
import type { Terminal } from './command';
import { dataDirectory } from './dataDirectory';

/** Options of every action. */
export const COMMON = { json: { type: 'boolean', default: false }, 'data-dir': { type: 'string' } } as const;

export interface CommonValues {
  readonly json?: boolean | undefined;
  readonly 'data-dir'?: string | undefined;
}

/** Opens the history, does the work, and saves. Jobs that wait or run have a keeper afterwards. */
export async function withJobs(values: CommonValues, terminal: Terminal, work: (manager: JobManager) => Promise<void> | void): Promise<number> {
  const manager = await openJobs(values, terminal);
  try {
    await work(manager);
    if (manager.openJobs().some(({ state, attempt }) => state === 'queued' || attempt > 0)) startKeeper(manager.dataDirectory);
    return EXIT.done;
  } finally {
    await manager.close();
  }
}

export function openJobs(values: CommonValues, terminal: Terminal): Promise<JobManager> {
  return JobManager.open(dataDirectory(values['data-dir']), {
    onNotice: notice => {
      if (values.json) terminal.out(`${JSON.stringify({ type: 'problem', problem: notice })}\n`);
      else terminal.error(`${notice.severity}: ${renderProblem(notice)}\n`);
    },
  });
}

/** A process of its own, that outlives this one. Where one already works, the new one ends at once. */
function startKeeper(folder: string): void {
  const program = fs.realpathSync(process.argv[1] ?? '.');
  // Whoever calls these functions from another program keeps its jobs itself.
  if (!/^cli\.(?:mjs|ts)$/.test(path.basename(program))) return;
  const log = fs.openSync(path.join(folder, 'keeper.log'), 'a');
  spawn(process.execPath, [...process.execArgv, program, 'jobs', 'keep', '--data-dir', folder], {
    detached: true, windowsHide: true, stdio: ['ignore', log, log], env: process.env,
  }).unref();
  fs.closeSync(log);
}

export function requireIds(ids: readonly string[], action: string): readonly string[] {
  if (ids.length > 0) return ids;
  throw problemError('cli/arguments', 'No job is named.', { fix: { text: `Write \`merlina jobs ${action} ID\`; \`merlina jobs list\` shows the ids.` } });
}

/** `job_20260807_090000_4f2a1c  training  42 %  step 21/50  loss 1.2345  wizard` */
export function renderJob(job: JobRecord): string {
  const name = (job.config as { output_name?: unknown } | null)?.output_name;
  return [
    job.job_id,
    job.status.padEnd(9),
    ...(job.progress > 0 ? [`${Math.round(job.progress * 100)} %`] : []),
    ...(job.current_step === null ? [] : [`step ${job.current_step}/${job.total_steps ?? '?'}`]),
    ...(job.loss === null ? [] : [`loss ${job.loss.toFixed(4)}`]),
    ...(typeof name === 'string' ? [name] : []),
  ].join('  ');
}

export function renderBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  const power = Math.min(units.length - 1, bytes < 1 ? 0 : Math.floor(Math.log10(bytes) / 3));
  return `${(bytes / 1000 ** power).toFixed(power === 0 ? 0 : 1)} ${units[power]}`;
}
