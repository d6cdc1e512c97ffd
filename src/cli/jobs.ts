/** `merlina jobs`: the queue and its history. Finds the action; each is a file. */
import { problemError } from '../shared/problem';
import type { Command, Terminal } from './command';
import { keep } from './jobsKeep';
import { orphans } from './jobsOrphans';
import { list, metrics, show } from './jobsShow';
import { deleteJobs, move, prune, resume, retry, stop, submit } from './jobsChange';

const help = `Usage: merlina jobs ACTION [options] [--json] [--data-dir DIR]

  list [--status S,S] [--search TEXT] [--limit N] [--offset K]   Newest first, with progress and disk use.
  show ID                                                        All about one job, and its last lines.
  metrics ID [--from STEP] [--to STEP] [--rows N]                Logged steps; thinned out to about N rows.
  submit RECIPE.json [--priority low|normal|high] [--device D]   Queues a recipe; it trains when its device is free.
  stop ID...                                                     Cancels what waits; stops what runs, with a checkpoint.
  resume ID... [--from STEP]                                     Queues again what stopped or failed: from its newest checkpoint, or that of STEP.
  retry ID... [--recipe FILE] [--priority P] [--device D]        Queues an ended job's recipe, or an edited one, as a new job.
  move ID --priority P | --first | --before ID                   Changes the order of the queue, and shows it.
  delete ID...                                                   Removes ended jobs with their runs, into the trash where there is one.
  prune [--older-than DAYS] [--keep N] [--dry-run]               Deletes old ended jobs; says first what that frees with --dry-run.
  orphans [--end]                                                Trainers that run although no job says so; ends them with --end.
  keep                                                           Trains what is queued until nothing is left. The others start it by themselves.

Jobs go on when this terminal is closed. Exit codes: 0 done, 1 failed, 2 bad input.

Example:
  $ merlina jobs submit wizard.merlina.json --priority high
  job_20260807_090000_4f2a1c  queued  wizard
`;

const ACTIONS: Readonly<Record<string, (args: readonly string[], terminal: Terminal) => Promise<number>>> = {
  list, show, metrics, submit, stop, resume, retry, move, delete: deleteJobs, prune, orphans, keep,
};

async function run(args: readonly string[], terminal: Terminal): Promise<number> {
  const [name, ...rest] = args;
  const action = name !== undefined && Object.hasOwn(ACTIONS, name) ? ACTIONS[name] : undefined;
  if (action) return action(rest, terminal);
  throw problemError('cli/arguments', name === undefined ? 'No action is named.' : `There is no action "${name}".`, {
    fix: { text: `Actions: ${Object.keys(ACTIONS).join(', ')}.` },
  });
}

export const command: Command = { help, run };
