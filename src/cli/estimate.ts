/** `merlina estimate`: the memory of a run, component by component, what would lower it, and the time. */
import { estimateTime, memorySavings, recipeMemory } from '../preflight';
import { formatDuration } from '../shared/format';
import { problemError } from '../shared/problem';
import { parseArguments } from './arguments';
import { EXIT } from './command';
import type { Command, Terminal } from './command';
import { dataDirectory } from './dataDirectory';
import { environmentOf } from './preflight';
import { readRecipeFile } from './readRecipeFile';

const help = `Usage: merlina estimate RECIPE.json [--json] [--data-dir DIR]

Says what a run needs of memory: for the embedded backend from the graphs that it will run and the lengths of the dataset's rows,
for trl by Merlina's formula. And how long it takes, by this machine's speed, which is measured the first time (two seconds)
and kept in the cache. Trains nothing.

  --json   One JSON object { backend, total_bytes, components_bytes, dominant, confidence, notes, savings, free_bytes,
           seconds, seconds_per_step }; the last two are absent where they are not known.

Example:
  $ merlina estimate wizard.json
  about 1.64 GB of 12.30 GB free (confidence high)
    model weights            0.50 GB
    activations              0.62 GB
  ≈ 14 min 3 s (2.1 s a step)
`;

const gigabytes = (bytes: number): string => `${(bytes / 2 ** 30).toFixed(2)} GB`;

async function run(args: readonly string[], terminal: Terminal): Promise<number> {
  const { values, positionals: [file, ...others] } = parseArguments(args, { json: { type: 'boolean', default: false }, 'data-dir': { type: 'string' } }, 'estimate');
  if (file === undefined || others.length > 0) throw problemError('cli/arguments', 'One RECIPE.json is needed.', { fix: { text: 'See `merlina estimate --help`.' } });
  const dataFolder = dataDirectory(values['data-dir']);
  const recipe = await readRecipeFile(file, dataFolder, undefined);
  const environment = await environmentOf(recipe, file, dataFolder);
  const { model, dataset, machine } = environment;
  const estimate = recipeMemory(recipe, model, dataset.lengths);
  if (!estimate) {
    throw problemError('preflight/memory-not-checked', `The memory for "${model.id}" cannot be estimated: neither its config.json nor its name says how large it is.`, {
      where: { field: 'base_model' }, fix: { text: model.problems[0]?.text ?? 'Download the model, or name a folder that has it.' },
    });
  }
  const time = await estimateTime(recipe, environment);
  const savings = memorySavings(recipe, model, dataset.lengths);
  if (values.json) {
    terminal.out(`${JSON.stringify({
      backend: recipe.backend, total_bytes: Math.round(estimate.totalBytes), components_bytes: estimate.components, dominant: estimate.dominant,
      confidence: estimate.confidence, notes: estimate.notes, free_bytes: machine.freeMemoryBytes,
      savings: savings.map(({ set, savedBytes, price }) => ({ set, saved_bytes: Math.round(savedBytes), price })),
      ...(typeof time !== 'string' && { seconds: Math.round(time.seconds), seconds_per_step: time.secondsPerStep }),
    })}\n`);
    return EXIT.done;
  }
  terminal.out(`about ${gigabytes(estimate.totalBytes)}${recipe.backend === 'trl' ? ' of the graphics card\'s memory' : ` of ${gigabytes(machine.freeMemoryBytes)} free`} (confidence ${estimate.confidence})\n`);
  for (const [name, bytes] of Object.entries(estimate.components)) terminal.out(`  ${name.replaceAll('_', ' ').padEnd(24)} ${gigabytes(bytes)}\n`);
  for (const note of estimate.notes) terminal.out(`${note}\n`);
  terminal.out(typeof time === 'string' ? `Time: ${time}\n` : `≈ ${formatDuration(time.seconds)} (${time.secondsPerStep.toPrecision(2)} s a step)\n`);
  if (savings.length > 0) terminal.out('What would lower it:\n');
  for (const { text, savedBytes, price } of savings) terminal.out(`  ${text.padEnd(32)} about ${gigabytes(savedBytes)} less, for ${price}\n`);
  return EXIT.done;
}

export const command: Command = { help, run };
