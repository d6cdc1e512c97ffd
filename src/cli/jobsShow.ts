/** `merlina jobs list`, `show` and `metrics`: what is there. */
import { diskUse, isActive, STATUSES } from '../jobs';
import type { JobManager, JobRecord } from '../jobs';
import type { RunStatus } from '../shared/events';
import { problemError } from '../shared/problem';
import { numberOption, parseArguments } from './arguments';
import type { Terminal } from './command';
import { COMMON, renderBytes, renderJob, requireIds, withJobs } from './jobsOpen';

const PAGE = 50;
const COUNT = { min: 0, max: Number.MAX_SAFE_INTEGER, isInteger: true };

export async function list(args: readonly string[], terminal: Terminal): Promise<number> {
  const { values } = parseArguments(args, {
    ...COMMON, status: { type: 'string' }, search: { type: 'string' }, limit: { type: 'string' }, offset: { type: 'string' },
  }, 'jobs');
  const filter = { ...(values.status !== undefined && { status: parseStatuses(values.status) }), ...(values.search !== undefined && { text: values.search }) };
  const limit = numberOption(values.limit, 'limit', PAGE, COUNT);
  const offset = numberOption(values.offset, 'offset', 0, COUNT);
  return withJobs(values, terminal, manager => {
    const jobs = manager.listJobs({ ...filter, limit, offset });
    for (const job of jobs) {
      const bytes = diskUseOf(manager, job);
      terminal.out(values.json ? `${JSON.stringify({ type: 'job', job, disk_bytes: bytes })}\n` : `${renderJob(job)}  ${renderBytes(bytes)}\n`);
    }
    const total = manager.countJobs(filter);
    if (!values.json && total !== jobs.length) terminal.error(`${jobs.length} of ${total} jobs${offset + jobs.length < total ? `; more with --offset ${offset + jobs.length}` : ''}.\n`);
  });
}

export async function show(args: readonly string[], terminal: Terminal): Promise<number> {
  const { values, positionals } = parseArguments(args, COMMON, 'jobs');
  const ids = requireIds(positionals, 'show');
  return withJobs(values, terminal, manager => {
    for (const id of ids) {
      const job = manager.requireJob(id);
      const bytes = diskUseOf(manager, job);
      if (values.json) terminal.out(`${JSON.stringify({ type: 'job', job, disk_bytes: bytes, checkpoints: manager.folderOf(id).checkpointSteps() })}\n`);
      else terminal.out(describe(manager, job, bytes));
    }
  });
}

export async function metrics(args: readonly string[], terminal: Terminal): Promise<number> {
  const { values, positionals } = parseArguments(args, { ...COMMON, from: { type: 'string' }, to: { type: 'string' }, rows: { type: 'string' } }, 'jobs');
  const fromStep = numberOption(values.from, 'from', 0, COUNT);
  const toStep = numberOption(values.to, 'to', Number.MAX_SAFE_INTEGER, COUNT);
  const maxRows = values.rows === undefined ? undefined : numberOption(values.rows, 'rows', 0, { min: 8, max: 1_000_000, isInteger: true });
  const ids = requireIds(positionals, 'metrics');
  return withJobs(values, terminal, manager => {
    for (const id of ids) {
      manager.requireJob(id);
      for (const row of manager.getMetrics(id, { fromStep, toStep, ...(maxRows !== undefined && { maxRows }) })) {
        if (values.json) terminal.out(`${JSON.stringify({ type: 'metrics', job_id: id, ...row })}\n`);
        else terminal.out(`step ${row.step}${figure('loss', row.loss)}${figure('eval loss', row.eval_loss)}${figure('rate', row.learning_rate)}${figure('tokens/s', row.tokens_per_second)}\n`);
      }
    }
  });
}

function describe(manager: JobManager, job: JobRecord, bytes: number): string {
  const steps = manager.folderOf(job.job_id).checkpointSteps();
  const lines: [string, string | null][] = [
    ['submitted', job.created_at], ['changed', job.updated_at], ['priority', job.priority], ['retry of', job.retry_of], ['device', job.device],
    ['run', job.run_dir], ['disk', renderBytes(bytes)], ['checkpoints', steps.length === 0 ? null : `steps ${steps.join(', ')}`],
    ['eval loss', job.eval_loss?.toFixed(4) ?? null],
    ['tokens/s', isActive(job.status) ? job.tokens_per_second?.toFixed(0) ?? null : null],
    ['result', job.output_dir], ['error', job.error],
  ];
  return `${renderJob(job)}\n${lines.flatMap(([name, value]) => (value === null ? [] : [`  ${name.padEnd(12)}${value.replaceAll('\n', `\n${' '.repeat(14)}`)}\n`])).join('')}`;
}

function diskUseOf(manager: JobManager, { job_id, run_dir }: JobRecord): number {
  return run_dir === null ? 0 : diskUse(manager.folderOf(job_id).root);
}

function figure(name: string, value: number | null): string {
  return value === null ? '' : `  ${name} ${value.toPrecision(5)}`;
}

function parseStatuses(text: string): RunStatus[] {
  return text.split(',').map(word => {
    const found = STATUSES.find(status => status === word.trim());
    if (found) return found;
    throw problemError('cli/arguments', `--status names "${word}", which is no status.`, { fix: { text: `Statuses: ${STATUSES.join(', ')}.` } });
  });
}
