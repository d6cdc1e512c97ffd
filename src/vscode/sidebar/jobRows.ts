/** Jobs as rows of the sidebar: in which part each stands, and what is said of it. No 'vscode' here. */
import type { JobRecord } from '../../jobs';
import { isActive, isEnded, STATUSES } from '../../jobs/status';
import type { RunStatus } from '../../shared/events';
import { formatLoss, formatWait } from '../../shared/format';
import { statusName, type Translator } from '../../shared/statusLook';

export const RUNNING = STATUSES.filter(isActive);
export const ENDED = STATUSES.filter(isEnded);
/** What runs or waits. */
export const OPEN = STATUSES.filter(status => !isEnded(status));

export type JobPart = 'running' | 'queued' | 'ended';

export function partOf(status: RunStatus): JobPart {
  if (status === 'queued') return 'queued';
  return isEnded(status) ? 'ended' : 'running';
}

/** output_name, or the id where the recipe has none. */
export function jobName({ config, job_id }: Pick<JobRecord, 'config' | 'job_id'>): string {
  const name = recipeText(config, 'output_name');
  return name === undefined || name === '' ? job_id : name;
}

export function recipeText(config: unknown, key: string): string | undefined {
  const value: unknown = typeof config === 'object' && config !== null ? (config as Record<string, unknown>)[key] : undefined;
  return typeof value === 'string' ? value : undefined;
}

type Described = Pick<JobRecord, 'status' | 'current_step' | 'total_steps' | 'loss' | 'eval_loss' | 'metrics' | 'seconds_per_step' | 'message' | 'error' | 'progress'>;

/** "step 120/400 · 1.83 · 4 min left"; of an ended job its last loss, or why it failed. `place`: in the queue, from 1. */
export function describeJob(job: Described, l10n: Translator, place?: number): string {
  switch (partOf(job.status)) {
    case 'queued':
      return place === undefined ? statusName(job.status, l10n) : l10n.t('{0} in the queue', `#${place}`);
    case 'running':
      return describeRunning(job, l10n);
    case 'ended':
      return describeEnded(job, l10n);
  }
}

function describeRunning(job: Described, l10n: Translator): string {
  const { status, current_step: step, total_steps: total, loss } = job;
  const secondsLeft = secondsLeftOf(job);
  const what = status === 'training' ? [] : [status === 'stopping' ? statusName(status, l10n) : job.message ?? statusName(status, l10n)];
  return joined([
    ...what,
    step === null || total === null || (step === 0 && what.length > 0) ? '' : l10n.t('step {0}', `${step}/${total}`),
    loss === null ? '' : formatLoss(loss),
    secondsLeft === null ? '' : l10n.t('{0} left', formatWait(secondsLeft)),
  ]);
}

/** Null where no step was measured, or nothing trains. */
export function secondsLeftOf({ status, current_step: step, total_steps: total, seconds_per_step: seconds }: Described): number | null {
  if (partOf(status) !== 'running' || status === 'stopping' || step === null || total === null || seconds === null) return null;
  return Math.max(0, (total - step) * seconds);
}

function describeEnded({ status, current_step: step, total_steps: total, loss, eval_loss: evalLoss, error }: Described, l10n: Translator): string {
  const figure = evalLoss === null ? (loss === null ? '' : formatLoss(loss)) : l10n.t('eval {0}', formatLoss(evalLoss));
  if (status === 'completed') return figure;
  if (status === 'failed') return error?.split('\n')[0] ?? statusName(status, l10n);
  return joined([statusName(status, l10n), step === null || total === null ? '' : l10n.t('step {0}', `${step}/${total}`), figure]);
}

function joined(parts: readonly string[]): string {
  return parts.filter(part => part !== '').join(' · ');
}

export interface Day<T> {
  /** "2026-11-24", in local time. */
  key: string;
  /** "Today", "Yesterday", "Mon, 23 Nov 2026". */
  label: string;
  jobs: T[];
}

/** By the local day they were submitted; the order stays. */
export function groupByDay<T extends Pick<JobRecord, 'created_at'>>(jobs: readonly T[], now: Date, language: string, l10n: Translator): Day<T>[] {
  const days: Day<T>[] = [];
  const today = localDay(now);
  const yesterday = localDay(new Date(now.getFullYear(), now.getMonth(), now.getDate() - 1));
  for (const job of jobs) {
    const date = new Date(job.created_at);
    const key = localDay(date);
    const last = days.at(-1);
    if (last?.key === key) last.jobs.push(job);
    else days.push({ key, label: key === today ? l10n.t('Today') : key === yesterday ? l10n.t('Yesterday') : named(date, language), jobs: [job] });
  }
  return days;
}

function localDay(date: Date): string {
  return `${date.getFullYear()}-${String(date.getMonth() + 1).padStart(2, '0')}-${String(date.getDate()).padStart(2, '0')}`;
}

function named(date: Date, language: string): string {
  if (Number.isNaN(date.getTime())) return '?';
  return date.toLocaleDateString(language, { weekday: 'short', day: 'numeric', month: 'short', year: 'numeric' });
}

/** Words for viewItem in package.json's `when` clauses: "job running chat". */
export function jobContext({ status, output_dir, checkpoint, run_dir }: Pick<JobRecord, 'status' | 'output_dir' | 'checkpoint' | 'run_dir'>): string {
  const part = partOf(status);
  const canResume = run_dir !== null && (status === 'stopped' || status === 'failed' || status === 'cancelled');
  return [
    'job', part, status,
    ...(canResume ? ['resumable'] : []),
    ...(part === 'queued' || (part === 'running' && status !== 'stopping') ? ['stoppable'] : []),
    ...(output_dir !== null || checkpoint !== null ? ['chat'] : []),
    ...(run_dir === null ? [] : ['folder']),
  ].join(' ');
}
