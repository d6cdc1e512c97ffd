/** One start of a run, from its directory to its last event. Trainer process and foreground command line share it. */
import fs from 'node:fs';
import { parseRecipe } from '../recipe';
import type { Recipe } from '../recipe';
import type { RunEvent } from '../shared/events';
import { problemError, ProblemError } from '../shared/problem';
import type { Problem } from '../shared/problem';
import { BACKENDS } from './backends';
import type { BackendEnd } from './backends';
import { emitProblems, EventLog, readEvents } from './eventLog';
import { RunDirectory } from './runDirectory';
import { StopListener } from './stopRequest';
import { openTrainerSocket } from './trainerSocket';
import { writeProblem } from './writeProblem';

export interface TrainerOptions {
  readonly isResume: boolean;
  /** Go on from the checkpoint of this step instead of the newest. */
  readonly fromStep?: number | undefined;
  /** Whether a queue started this process and may look for it. In the foreground, somebody sees it. */
  readonly isDetached?: boolean;
  /** Sees each event once it is on disk. */
  readonly onEvent?: (event: RunEvent) => void;
}

export interface TrainerEnd {
  readonly kind: BackendEnd | 'failed';
  /** Why it failed. */
  readonly problems: readonly Problem[];
}

/** Never throws for what a run can run into: the failure is the last event. Throws ProblemError, and writes nothing, where there
 *  is no run, or one that is complete or being trained. */
export async function runTrainer(root: string, { isResume, fromStep, isDetached = false, onEvent }: TrainerOptions): Promise<TrainerEnd> {
  const run = new RunDirectory(root);
  const written = run.readRecipe();
  if (isResume) refuseFinished(run);
  const closeSocket = await openTrainerSocket(run.root, { isDetached });
  const events = new EventLog(run, onEvent);
  const stop = new StopListener(run);
  try {
    writePid(run);
    const recipe = checkedRecipe(written, run, events);
    const backend = BACKENDS.find(({ id }) => id === recipe.backend);
    if (!backend) {
      throw problemError('training/no-backend', `The backend "${recipe.backend}" is not available. There is: ${BACKENDS.map(({ id }) => id).join(', ')}.`, {
        where: { file: run.recipe, field: 'backend' },
        fix: { text: 'Set backend to "embedded".', set: { key: 'backend', value: 'embedded' } },
      });
    }
    return { kind: await backend.run({ run, recipe, isResume, fromStep, events, stop }), problems: [] };
  } catch (error) {
    const problems = problemsOf(error, run);
    report(problems, events);
    return { kind: 'failed', problems };
  } finally {
    stop.dispose();
    events.close();
    fs.rmSync(run.pid, { force: true });
    closeSocket();
  }
}

function writePid(run: RunDirectory): void {
  try {
    fs.writeFileSync(run.pid, `${process.pid}\n`);
  } catch (error) {
    throw writeProblem(error, "The trainer's process number", run.pid, 'Checkpoints written before are still valid.');
  }
}

function checkedRecipe(written: unknown, run: RunDirectory, events: EventLog): Recipe {
  const { recipe, problems } = parseRecipe(written, { file: run.recipe });
  if (!recipe) throw new ProblemError(problems.filter(({ severity }) => severity === 'error'));
  emitProblems(events, problems);
  return recipe;
}

function refuseFinished(run: RunDirectory): void {
  const last = readEvents(run).at(-1);
  if (last?.type !== 'completed') return;
  throw problemError('training/already-complete', `The run is complete: its result lies in ${last.output_dir}. There is nothing to resume.`, {
    where: { file: run.root },
    fix: { text: 'To train further, start a new run with init_adapter set to that folder.' },
  });
}

/** A bug, too, ends in a Problem: its stack goes to the log. */
function problemsOf(error: unknown, run: RunDirectory): Problem[] {
  if (error instanceof ProblemError) return error.problems;
  const words = error instanceof Error ? error.message : String(error);
  const stack = error instanceof Error ? error.stack : undefined;
  return [{
    id: 'training/crashed',
    severity: 'error',
    text: `The trainer failed unexpectedly: ${words}`,
    where: { file: run.log },
    fix: { text: 'This is a bug of Merlina; please report it with this log. Checkpoints written before can be resumed from.' },
    ...(stack !== undefined && { notes: stack.split('\n').slice(1).map(line => line.trim()) }),
  }];
}

/** All but the first as problems, the first as the event that ends the run. A disk too full to say so must not hide the cause. */
function report([first, ...others]: readonly Problem[], events: EventLog): void {
  try {
    emitProblems(events, others);
    if (first) events.emit({ type: 'error', problem: first });
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  }
}
