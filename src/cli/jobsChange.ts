/** `merlina jobs submit`, `stop`, `resume`, `retry`, `move`, `delete` and `prune`: what changes the queue or the history. */
import { diskUse, isEnded, isPriority, PRIORITIES, STATUSES } from '../jobs';
import type { JobManager, JobRecord, Priority, QueueMove } from '../jobs';
import type { Recipe } from '../recipe';
import { problemError } from '../shared/problem';
import { numberOption, parseArguments } from './arguments';
import type { Terminal } from './command';
import { dataDirectory } from './dataDirectory';
import { COMMON, renderBytes, renderJob, requireIds, withJobs } from './jobsOpen';
import { readRecipeFile } from './readRecipeFile';

export async function submit(args: readonly string[], terminal: Terminal): Promise<number> {
  const { values, positionals } = parseArguments(args, { ...COMMON, priority: { type: 'string', default: 'normal' }, device: { type: 'string', default: 'cpu' } }, 'jobs');
  const { device } = values;
  const priority = parsePriority(values.priority);
  if (positionals.length === 0) throw problemError('cli/arguments', 'No recipe is named.', { fix: { text: 'Write `merlina jobs submit RECIPE.json`.' } });
  const recipes: Recipe[] = [];
  for (const file of positionals) recipes.push(await readRecipeFile(file, dataDirectory(values['data-dir']), values.json ? undefined : terminal));
  return withJobs(values, terminal, async manager => {
    for (const recipe of recipes) print(await manager.createJob(recipe, { priority, device }), values.json, terminal);
  });
}

export async function stop(args: readonly string[], terminal: Terminal): Promise<number> {
  return changeEach('stop', args, terminal, (manager, id) => manager.stopJob(id));
}

export async function resume(args: readonly string[], terminal: Terminal): Promise<number> {
  const { values, positionals } = parseArguments(args, { ...COMMON, from: { type: 'string' } }, 'jobs');
  const ids = requireIds(positionals, 'resume');
  const from = values.from === undefined ? undefined : numberOption(values.from, 'from', 0, { min: 1, max: Number.MAX_SAFE_INTEGER, isInteger: true });
  return withJobs(values, terminal, async manager => {
    for (const id of ids) print(await manager.resumeJob(id, from === undefined ? {} : { from }), values.json, terminal);
  });
}

export async function retry(args: readonly string[], terminal: Terminal): Promise<number> {
  const { values, positionals } = parseArguments(args, { ...COMMON, recipe: { type: 'string' }, priority: { type: 'string' }, device: { type: 'string' } }, 'jobs');
  const ids = requireIds(positionals, 'retry');
  const priority = values.priority === undefined ? undefined : parsePriority(values.priority);
  const recipe = values.recipe === undefined ? undefined : await readRecipeFile(values.recipe, dataDirectory(values['data-dir']), values.json ? undefined : terminal);
  return withJobs(values, terminal, async manager => {
    for (const id of ids) print(await manager.retryJob(id, { recipe, priority, device: values.device }), values.json, terminal);
  });
}

export async function move(args: readonly string[], terminal: Terminal): Promise<number> {
  const { values, positionals } = parseArguments(args, {
    ...COMMON, priority: { type: 'string' }, first: { type: 'boolean', default: false }, before: { type: 'string' },
  }, 'jobs');
  const ids = requireIds(positionals, 'move');
  const moves: QueueMove[] = [
    ...(values.priority === undefined ? [] : [{ priority: parsePriority(values.priority) }]),
    ...(values.first ? [{ isFirst: true as const }] : []),
    ...(values.before === undefined ? [] : [{ before: values.before }]),
  ];
  if (moves.length !== 1) {
    throw problemError('cli/arguments', moves.length === 0 ? 'Nothing says where to.' : 'More than one place is named.', { fix: { text: 'Give one of --priority P, --first or --before ID.' } });
  }
  return withJobs(values, terminal, async manager => {
    for (const id of ids) await manager.updateJob(id, moves[0]!);
    for (const id of manager.queue()) print(manager.requireJob(id), values.json, terminal);
  });
}

function parsePriority(text: string): Priority {
  if (isPriority(text)) return text;
  throw problemError('cli/arguments', `--priority is "${text}".`, { fix: { text: `Priorities: ${Object.keys(PRIORITIES).join(', ')}.` } });
}

export async function deleteJobs(args: readonly string[], terminal: Terminal): Promise<number> {
  const { values, positionals } = parseArguments(args, COMMON, 'jobs');
  const ids = requireIds(positionals, 'delete');
  return withJobs(values, terminal, async manager => {
    for (const id of ids) await deleteOne(manager, manager.requireJob(id), values.json, terminal);
  });
}

const DAY_MS = 86_400_000;

export async function prune(args: readonly string[], terminal: Terminal): Promise<number> {
  const { values } = parseArguments(args, { ...COMMON, 'older-than': { type: 'string' }, keep: { type: 'string' }, 'dry-run': { type: 'boolean', default: false } }, 'jobs');
  if (values['older-than'] === undefined && values.keep === undefined) {
    throw problemError('cli/arguments', 'Nothing says which jobs to delete.', { fix: { text: 'Give --older-than DAYS, --keep N, or both.' } });
  }
  const days = numberOption(values['older-than'], 'older-than', 0, { min: 0, max: 36_500 });
  const kept = numberOption(values.keep, 'keep', 0, { min: 0, max: 1_000_000, isInteger: true });
  const before = new Date(Date.now() - days * DAY_MS).toISOString();
  return withJobs(values, terminal, async manager => {
    const ended = manager.listJobs({ status: STATUSES.filter(isEnded) });
    const old = ended.slice(kept).filter(({ updated_at, run_dir }) => run_dir !== null && updated_at <= before);
    let bytes = 0;
    for (const job of old) {
      bytes += diskUse(manager.folderOf(job.job_id).root);
      if (!values['dry-run']) await deleteOne(manager, job, values.json, terminal);
      else print(job, values.json, terminal);
    }
    const what = `${old.length} of ${ended.length} ended jobs, ${renderBytes(bytes)}`;
    if (values.json) terminal.out(`${JSON.stringify({ type: 'pruned', jobs: old.length, bytes, is_dry_run: values['dry-run'] })}\n`);
    else terminal.out(values['dry-run'] ? `Would delete ${what}.\n` : `Deleted ${what}.\n`);
  });
}

async function deleteOne(manager: JobManager, { job_id }: JobRecord, isJson: boolean, terminal: Terminal): Promise<void> {
  const went = await manager.deleteJob(job_id);
  const words = { trash: 'moved to the trash', removed: 'removed', history: 'removed from the history' }[went];
  terminal.out(isJson ? `${JSON.stringify({ type: 'deleted', job_id, went })}\n` : `${job_id}  ${words}\n`);
}

async function changeEach(
  action: string, args: readonly string[], terminal: Terminal, change: (manager: JobManager, id: string) => Promise<JobRecord>,
): Promise<number> {
  const { values, positionals } = parseArguments(args, COMMON, 'jobs');
  const ids = requireIds(positionals, action);
  return withJobs(values, terminal, async manager => {
    for (const id of ids) print(await change(manager, id), values.json, terminal);
  });
}

function print(job: JobRecord, isJson: boolean, terminal: Terminal): void {
  terminal.out(isJson ? `${JSON.stringify({ type: 'job', job })}\n` : `${renderJob(job)}\n`);
}
