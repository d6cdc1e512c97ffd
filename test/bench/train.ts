/** Our trainer beside TRL's on the same model, rows and starting adapter: fresh processes in turn, the order reversed each round.
 *  `npx tsx test/bench/train.ts --model DIR --pairs FILE --python PATH`; see README.md beside it. */
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { fittingRows } from './fittingRows';
import { commit, machine } from './machine';
import { type Measured, renderReport } from './report';
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
  console.log(`${rows.length} pairs, ${tokens} tokens; ${cpus().length} cores; gradient checkpointing ${options.isCheckpointing ? 'on' : 'off'}`);
  const trl: TrlSetting | undefined = options.python === undefined ? undefined : { ...options, python: options.python, rows: rows.length };
  if (!trl) console.log('No --python: ours alone, from a fresh adapter.');
  const init = trl ? await prepareTrl(trl, rows, folder) : null;

  const measured: Measured = { ours: [], trl: [] };
  for (let round = 0; round < options.rounds; round++) {
    const runs: [keyof Measured, () => Promise<Measured['ours'][number]>][] = [
      ['ours', () => trainOurs({ ...options, init, rows }, path.join(folder, `round-${round + 1}`))],
      ...(trl ? [['trl', () => trainTrl(trl)] as [keyof Measured, () => Promise<Measured['trl'][number]>]] : []),
    ];
    for (const [who, run] of round % 2 === 0 ? runs : runs.reverse()) {
      const figures = await run();
      measured[who].push(figures);
      console.log(`round ${round + 1}, ${who}: ${figures.tokens_per_s.toFixed(1)} tokens/s, ${(figures.peak_rss_bytes / 1e9).toFixed(2)} GB`);
    }
  }
  console.log(`\n${renderReport(measured)}`);
  mkdirSync(path.dirname(options.out), { recursive: true });
  writeFileSync(options.out, `${JSON.stringify({
    date: new Date().toISOString(), commit: commit(ROOT), machine: machine(), model: path.basename(options.model), rows: rows.map(({ index }) => index), tokens,
    max_length: options.maxLength, gradient_checkpointing: options.isCheckpointing, trl_dtype: options.isBfloat16 ? 'bfloat16' : 'float32', ...measured,
  }, null, 2)}\n`);
  console.log(`\nWritten: ${options.out}`);
}

type Options = ReturnType<typeof readOptions>;

function readOptions() {
  const { values } = parseArgs({ options: {
    model: { type: 'string' },
    pairs: { type: 'string' },
    python: { type: 'string' },
    rounds: { type: 'string', default: '2' },
    rows: { type: 'string', default: '12' },
    'max-length': { type: 'string', default: '1024' },
    threads: { type: 'string' },
    checkpointing: { type: 'boolean', default: false },
    'trl-bf16': { type: 'boolean', default: false },
    cli: { type: 'string', default: path.join(ROOT, 'dist/cli.mjs') },
    out: { type: 'string', default: path.join(ROOT, 'out/bench', `train-${new Date().toISOString().replaceAll(':', '-')}.json`) },
    keep: { type: 'boolean', default: false },
  } });
  return {
    model: existing('--model', values.model),
    pairs: existing('--pairs', values.pairs),
    python: values.python,
    cli: existing('--cli', values.cli),
    rounds: count('--rounds', values.rounds),
    rows: count('--rows', values.rows),
    maxLength: count('--max-length', values['max-length']),
    threads: values.threads === undefined ? null : count('--threads', values.threads),
    isCheckpointing: values.checkpointing,
    isBfloat16: values['trl-bf16'],
    out: path.resolve(values.out),
    isKept: values.keep,
  };
}

function existing(name: string, file: string | undefined): string {
  if (file === undefined) throw new Error(`${name} is missing.`);
  if (!existsSync(file)) throw new Error(`${name} ${file} does not exist.${name === '--cli' ? ' Run "npm run build" first.' : ''}`);
  return path.resolve(file);
}

function count(name: string, text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new Error(`${name} ${text}: a whole number from 1 is needed.`);
  return value;
}

await main();
