/** Preflight on the command line: what `validate`, `estimate` and `train` look at before anything runs. */
import fs from 'node:fs';
import path from 'node:path';
import { gatherEnvironment, PreflightValidator, problemsBeforeRun } from '../preflight';
import type { Environment } from '../preflight';
import { readRecipe } from '../recipe';
import type { Recipe } from '../recipe';
import { ProblemError, renderProblem } from '../shared/problem';
import type { Problem } from '../shared/problem';
import { BACKENDS } from '../training/backends';
import type { Terminal } from './command';

/** `dataDirectory`: where runs lie. */
export function environmentOf(recipe: Recipe, file: string, dataDirectory: string): Promise<Environment> {
  const runDirectory = path.join(dataDirectory, 'runs', recipe.output_name);
  return gatherEnvironment(recipe, {
    baseDir: path.dirname(path.resolve(file)), runDirectory, runExists: fs.existsSync(path.join(runDirectory, 'events.ndjson')), backends: BACKENDS.map(({ id }) => id),
  });
}

/** What is worth a word in the file itself. */
export function fileWarnings(file: string): Problem[] {
  return readRecipe(fs.readFileSync(file, 'utf8'), file).problems.filter(({ severity }) => severity === 'warning');
}

/** Before a new run: warnings go to the terminal. Throws ProblemError with what would keep the run from working. */
export async function refuseUnfit(recipe: Recipe, file: string, runDirectory: string, terminal: Terminal | undefined): Promise<void> {
  const environment = await gatherEnvironment(recipe, { baseDir: path.dirname(path.resolve(file)), runDirectory, runExists: false, backends: BACKENDS.map(({ id }) => id) });
  const problems = problemsBeforeRun(new PreflightValidator().validate(recipe, environment));
  const errors = problems.filter(({ severity }) => severity === 'error');
  if (errors.length > 0) throw new ProblemError(errors);
  for (const problem of problems) if (problem.severity === 'warning') terminal?.error(`warning: ${renderProblem(problem)}\n`);
}
