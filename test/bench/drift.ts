/** Whether steps grow slower or memory grows over a long run: hundreds of equal short steps, the first after warm-up against the last.
 *  `node --import tsx test/bench/drift.ts --model DIR`; see README.md beside it. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { type Change, driftOf, type StepSample } from './driftFigures';
import { exactRows, MODES, partsOf } from './exactRows';
import { commit, machine } from './machine';
import { count, oneOf, readTrainingOptions, trainingOptions } from './options';
import { aligned } from './report';
import { ourSettings } from './settings';
import { trainOurs } from './trainOurs';

const ROOT = path.resolve(import.meta.dirname, '../..');
/** Steps after which buffers have their sizes. */
const WARM_UP = 10;
const WINDOW = 50;

async function main(): Promise<void> {
  const options = readOptions();
  const folder = mkdtempSync(path.join(tmpdir(), 'merlina-drift-'));
  const runs = [];
  try {
    for (const { name, ...of } of ourSettings(options.only)) {
      const { rows, maxLength, changes } = exactRows(options.mode, partsOf(options.mode, options.tokens), options.steps);
      const samples: StepSample[] = [];
      const figures = await trainOurs({
        ...of, rows, maxLength, changes, cli: options.cli, model: options.model, threads: options.threads, init: null,
        onEvent(event, tree) {
          if (event.type === 'metrics') samples.push({ seconds: event.step_seconds, residentBytes: tree.residentBytes() ?? event.memory_bytes ?? NaN });
        },
      }, path.join(folder, name));
      const drift = driftOf(samples, { warmUp: WARM_UP, window: WINDOW });
      runs.push({ name, ...drift, peak_rss_bytes: figures.peak_rss_bytes, load_before: figures.load_before, samples });
      console.log(`${name}: ${samples.length} steps; medians of the first ${drift.window} after ${WARM_UP} and of the last ${drift.window}`);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  const cells = ({ first, last, ratio }: Change, shown: (value: number) => string): string[] => [shown(first), shown(last), ratio.toFixed(3)];
  console.log(`\n${aligned([
    ['', 'first s', 'last s', 'last / first', 'first MB', 'last MB', 'last / first'],
    ...runs.map(run => [run.name, ...cells(run.seconds, value => value.toFixed(3)), ...cells(run.residentBytes, value => (value / 1e6).toFixed(1))]),
  ]).join('\n')}`);
  mkdirSync(path.dirname(options.out), { recursive: true });
  writeFileSync(options.out, `${JSON.stringify({
    date: new Date().toISOString(), commit: commit(ROOT), machine: machine(), model: path.basename(options.model), mode: options.mode, tokens: options.tokens, steps: options.steps,
    warm_up: WARM_UP, runs,
  }, null, 2)}\n`);
  console.log(`\nWritten: ${options.out}`);
}

function readOptions() {
  const { values } = parseArgs({ options: {
    ...trainingOptions('drift', 'float32'),
    steps: { type: 'string', default: '500' },
    tokens: { type: 'string', default: '64' },
    mode: { type: 'string', default: 'orpo' },
  } });
  return {
    ...readTrainingOptions(values),
    steps: count('--steps', values.steps),
    tokens: count('--tokens', values.tokens),
    mode: oneOf('--mode', values.mode, MODES),
  };
}

await main();
