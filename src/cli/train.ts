/** `merlina train`: a recipe trained in the foreground. */
import path from 'node:path';
import type { Recipe } from '../recipe';
import { ProblemError, problemError } from '../shared/problem';
import { recipeChange, RunDirectory } from '../training';
import { parseArguments } from './arguments';
import type { Command, Terminal } from './command';
import { dataDirectory } from './dataDirectory';
import { refuseUnfit } from './preflight';
import { readRecipeFile } from './readRecipeFile';
import { trainInForeground } from './trainInForeground';

const help = `Usage: merlina train RECIPE.json [--run-dir DIR] [--resume] [--json] [--data-dir DIR]
       merlina train --resume --run-dir DIR
       merlina train --demo

Trains in the foreground. Ctrl-C stops with a checkpoint, a second Ctrl-C at once.

  --run-dir DIR   Folder of the run; DATA/runs/OUTPUT_NAME where not given.
  --resume        Go on from the newest checkpoint, with the same losses as if the run had not stopped.
  --demo          Teach the built-in apprentice to answer as a wizard (about a minute).
  --json          Events on stdout, one JSON object a line.
  --data-dir DIR  Where runs lie: MERLINA_DATA_DIR or .merlina where not given.

Exit codes: 0 done, 1 failed, 2 bad input, 130 interrupted (resumable).

Example:
  $ merlina train wizard.json --run-dir runs/wizard
  ./SmolLM2-135M: 120 rows, 40 steps, cpu, 4 threads
  ███████▏                 12/40  loss 1.9342  412 tokens/s  1 min 22 s left
`;

async function run(args: readonly string[], terminal: Terminal): Promise<number> {
  const { values, positionals } = parseArguments(args, {
    'run-dir': { type: 'string' },
    'data-dir': { type: 'string' },
    resume: { type: 'boolean', default: false },
    demo: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  }, 'train');
  const [recipeFile, ...others] = positionals;
  const { resume: isResume, json: isJson } = values;
  if (others.length > 0) throw problemError('cli/arguments', `One recipe is trained at a time; ${positionals.length} were given.`);
  if (values.demo) {
    const { runDemo } = await import('./demo');
    return runDemo({ runDirectory: values['run-dir'], dataDirectory: dataDirectory(values['data-dir']), isJson, isResume }, terminal);
  }
  if (recipeFile === undefined) {
    if (!isResume || values['run-dir'] === undefined) {
      throw problemError('cli/arguments', 'No recipe is named.', { fix: { text: 'Give RECIPE.json, or --resume with --run-dir, or --demo.' } });
    }
    return trainInForeground(values['run-dir'], { isResume, isJson }, terminal);
  }
  const dataFolder = dataDirectory(values['data-dir']);
  const recipe = await readRecipeFile(recipeFile, dataFolder, isJson ? undefined : terminal);
  const folder = values['run-dir'] ?? path.join(dataFolder, 'runs', recipe.output_name);
  if (isResume) {
    refuseOtherRecipe(folder, recipe);
  } else {
    await refuseUnfit(recipe, recipeFile, folder, isJson ? undefined : terminal);
    RunDirectory.create(folder, recipe);
  }
  return trainInForeground(folder, { isResume, isJson }, terminal);
}

/** The run goes on with the recipe it has; one given beside it must say the same. */
function refuseOtherRecipe(folder: string, recipe: Recipe): void {
  const change = recipeChange(new RunDirectory(folder), recipe);
  if (change) throw new ProblemError([change]);
}

export const command: Command = { help, run };
