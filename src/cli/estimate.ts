/** `merlina estimate`: the memory of a run, component by component, and what would lower it. */
import { memorySavings, recipeMemory } from '../preflight';
import { problemError } from '../shared/problem';
import { parseArguments } from './arguments';
import { EXIT } from './command';
import type { Command, Terminal } from './command';
import { dataDirectory } from './dataDirectory';
import { environmentOf } from './preflight';
import { readRecipeFile } from './readRecipeFile';

const help = `Usage: merlina estimate RECIPE.json [--json] [--data-dir DIR]

Says what a run needs of memory: for the embedded backend from the graphs that it will run and the lengths of the dataset's rows,
for trl by Merlina's formula. Trains nothing.

  --json   One JSON object { backend, total_bytes, components_bytes, dominant, confidence, notes, savings, free_bytes }.

Example:
  $ merlina estimate wizard.json
  about 1.64 GB of 12.30 GB free (confidence high)
    model weights            0.50 GB
    activations              0.62 GB
`;

const gigabytes = (bytes: number): string => `${(bytes / 2 ** 30).toFixed(2)} GB`;

async function run(args: readonly string[], terminal: Terminal): Promise<number> {
  const { values, positionals: [file, ...others] } = parseArguments(args, { json: { type: 'boolean', default: false }, 'data-dir': { type: 'string' } }, 'estimate');
  if (file === undefined || others.length > 0) throw problemError('cli/arguments', 'One RECIPE.json is needed.', { fix: { text: 'See `merlina estimate --help`.' } });
  const dataFolder = dataDirectory(values['data-dir']);
  const recipe = await readRecipeFile(file, dataFolder, undefined);
  const { model, dataset, machine } = await environmentOf(recipe, file, dataFolder);
  const estimate = recipeMemory(recipe, model, dataset.lengths);
  if (!estimate) {
    throw problemError('preflight/memory-not-checked', `The memory for "${model.id}" cannot be estimated: neither its config.json nor its name says how large it is.`, {
      where: { field: 'base_model' }, fix: { text: model.problems[0]?.text ?? 'Download the model, or name a folder that has it.' },
    });
  }
  const savings = memorySavings(recipe, model, dataset.lengths);
  if (values.json) {
    terminal.out(`${JSON.stringify({
      backend: recipe.backend, total_bytes: Math.round(estimate.totalBytes), components_bytes: estimate.components, dominant: estimate.dominant,
      confidence: estimate.confidence, notes: estimate.notes, free_bytes: machine.freeMemoryBytes,
      savings: savings.map(({ set, savedBytes, price }) => ({ set, saved_bytes: Math.round(savedBytes), price })),
    })}\n`);
    return EXIT.done;
  }
  terminal.out(`about ${gigabytes(estimate.totalBytes)}${recipe.backend === 'trl' ? ' of the graphics card\'s memory' : ` of ${gigabytes(machine.freeMemoryBytes)} free`} (confidence ${estimate.confidence})\n`);
  for (const [name, bytes] of Object.entries(estimate.components)) terminal.out(`  ${name.replaceAll('_', ' ').padEnd(24)} ${gigabytes(bytes)}\n`);
  for (const note of estimate.notes) terminal.out(`${note}\n`);
  if (savings.length > 0) terminal.out('What would lower it:\n');
  for (const { text, savedBytes, price } of savings) terminal.out(`  ${text.padEnd(32)} about ${gigabytes(savedBytes)} less, for ${price}\n`);
  return EXIT.done;
}

export const command: Command = { help, run };
