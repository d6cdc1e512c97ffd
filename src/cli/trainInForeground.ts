/** Trains a run in this process and shows it: what `train` and the demo share. */
import { renderProblem } from '../shared/problem';
import { readEvents, RunDirectory, runTrainer } from '../training';
import { EXIT } from './command';
import type { Terminal } from './command';
import { ProgressReporter } from './progress';

export interface ForegroundOptions {
  readonly isResume: boolean;
  /** Events as JSON lines instead of progress. */
  readonly isJson: boolean;
}

/** Gives the exit code: what keeps a run from starting is bad input, what ends it later a failure. */
export async function trainInForeground(folder: string, { isResume, isJson }: ForegroundOptions, terminal: Terminal): Promise<number> {
  const reporter = new ProgressReporter(terminal);
  let hasStarted = false;
  const { kind, problems } = await runTrainer(folder, {
    isResume,
    onEvent: event => {
      if (event.type === 'started') hasStarted = true;
      if (isJson) terminal.out(`${JSON.stringify(event)}\n`);
      else reporter.handle(event);
    },
  });
  if (!isJson) reporter.end();
  if (kind === 'completed') return EXIT.done;
  if (kind === 'stopped') return EXIT.interrupted;
  for (const problem of problems) terminal.error(`${problem.severity}: ${renderProblem(problem)}\n`);
  const isBug = problems.some(({ id }) => id === 'training/crashed');
  return hasStarted || isBug ? EXIT.failed : EXIT.badInput;
}

/** Whether a run lies in the folder. */
export function holdsRun(folder: string): boolean {
  return readEvents(new RunDirectory(folder)).length > 0;
}
