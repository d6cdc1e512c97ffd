/** Our trainer beside TRL's on the same model, rows and starting adapter: fresh processes in turn, the order reversed each round.
 *  `npm run bench -- --model DIR --python PATH`; see README.md beside it. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { ModelConfig } from '../../src/models';
import { readArchitecture } from '../../src/models/architectures';
import { countedWork } from './countedWork';
import { fittingRows } from './fittingRows';
import { commit, machine } from './machine';
import { count, existing, readTrainingOptions, trainingOptions } from './options';
import { type Measured, renderReport } from './report';
import { chosenSettings, type TrlOptions } from './settings';
import { trainOurs } from './trainOurs';
import { prepareTrl, trainTrl, type TrlSetting } from './trainTrl';

const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');

async function main(): Promise<void> {
  const options = readOptions();
  const folder = mkdtempSync(path.join(tmpdir(), 'merlina-bench-'));
  try {
    await bench(options, folder);
  } finally {
    if (!options.isKept) rmSync(folder, { recursive: true, force: true });
    else console.log(`Recipes and run directories: ${folder}`);
  }
}

async function bench(options: Options, folder: string): Promise<void> {
  const rows = fittingRows(options);
  const tokens = rows.reduce((sum, row) => sum + row.tokens, 0);
  const spec = readArchitecture(JSON.parse(readFileSync(path.join(options.model, 'config.json'), 'utf8')) as ModelConfig);
  const work = rows.reduce((sum, { lengths }) => sum + countedWork(spec, LORA_RANK, lengths), 0);
  const chosen = chosenSettings(options.only).filter(setting => 'ours' in setting || options.python !== undefined);
  console.log(`${rows.length} pairs, ${tokens} tokens; ${cpus().length} cores; ${chosen.map(({ name }) => name).join(', ')}`);
  if (options.python === undefined) console.log('TRL is left out: name a Python that has it by --python or MERLINA_PYTHON (how to make one: test/bench/README.md).');
  const trlOf = (of: TrlOptions): TrlSetting => ({ ...options, ...of, python: options.python!, rows: rows.length });
  const init = options.python === undefined ? null : await prepareTrl(trlOf({ isCheckpointing: false, isBfloat16: false }), rows, folder);

  const measured = chosen.map((setting): Measured => ({ name: setting.name, isOurs: 'ours' in setting, runs: [] }));
  const ceilings: number[] = [];
  for (let round = 0; round < options.rounds; round++) {
    ceilings.push(ceilingOf(options.threads ?? cpus().length));
    const order = chosen.map((_, i) => round % 2 === 0 ? i : chosen.length - 1 - i);
    for (const i of order) {
      const setting = chosen[i]!;
      try {
        const figures = 'ours' in setting
          ? await trainOurs({ ...options, ...setting.ours, init, rows }, path.join(folder, `${setting.name}-${round + 1}`))
          : await trainTrl(trlOf(setting.trl));
        measured[i]!.runs.push(figures);
        console.log(`round ${round + 1}, ${setting.name}: ${figures.tokens_per_s.toFixed(1)} tokens/s, ${(figures.peak_rss_bytes / 1e9).toFixed(2)} GB`);
      } catch (error) {
        console.log(`round ${round + 1}, ${setting.name}: failed. ${error instanceof Error ? error.message : String(error)}`);
      }
    }
  }
  console.log(`\n${renderReport(measured, { work, ceilings })}`);
  mkdirSync(path.dirname(options.out), { recursive: true });
  writeFileSync(options.out, `${JSON.stringify({
    date: new Date().toISOString(), commit: commit(ROOT), machine: machine(), model: path.basename(options.model), rows: rows.map(({ index }) => index), tokens,
    max_length: options.maxLength, counted_work: work, ceilings, measured,
  }, null, 2)}\n`);
  console.log(`\nWritten: ${options.out}`);
}

/** As trainOurs and trl_orpo.py have it. */
const LORA_RANK = 16;

function ceilingOf(threads: number): number {
  return Number(execFileSync(process.execPath, ['--import', 'tsx', path.join(ROOT, 'test/bench/gemmCeiling.ts'), String(threads)], { cwd: ROOT, encoding: 'utf8' }));
}

type Options = ReturnType<typeof readOptions>;

function readOptions() {
  const { values } = parseArgs({ options: {
    ...trainingOptions('train'),
    pairs: { type: 'string' },
    python: { type: 'string' },
    rounds: { type: 'string', default: '2' },
    rows: { type: 'string', default: '12' },
    'max-length': { type: 'string', default: '1024' },
    keep: { type: 'boolean', default: false },
  } });
  return {
    ...readTrainingOptions(values),
    pairs: existing('--pairs', values.pairs ?? path.join(ROOT, 'test/fixtures/bench/pairs.json')),
    python: values.python ?? process.env.MERLINA_PYTHON,
    rounds: count('--rounds', values.rounds),
    rows: count('--rows', values.rows),
    maxLength: count('--max-length', values['max-length']),
    isKept: values.keep,
  };
}

await main();
