/** A model of over a billion weights, random ones, trained in 4 bits with checkpointing: peak memory, time of packing, seconds a step.
 *  `node --import tsx test/bench/largeModel.ts --tokenizer DIR --out DIR`; see README.md beside it. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import type { ModelConfig } from '../../src/models';
import { readArchitecture } from '../../src/models/architectures';
import { countedWork } from './countedWork';
import { exactRows } from './exactRows';
import { median } from './figures';
import { commit, machine } from './machine';
import { count, existing } from './options';
import { type LlamaSizes, ONE_BILLION, weightShapes, writeRandomLlama } from './randomLlama';
import { aligned } from './report';
import { trainOurs } from './trainOurs';

const ROOT = path.resolve(import.meta.dirname, '../..');
/** As trainOurs.ts has it. */
const LORA_RANK = 16;

async function main(): Promise<void> {
  const options = readOptions();
  const started = performance.now();
  await writeRandomLlama(options.out, options.sizes, options.tokenizer);
  const writeSeconds = (performance.now() - started) / 1000;
  const weights = weightShapes(options.sizes).reduce((sum, [, shape]) => sum + shape.reduce((product, size) => product * size, 1), 0);
  console.log(`${options.out}: ${(weights / 1e6).toFixed(0)} million weights, ${(statSync(path.join(options.out, 'model.safetensors')).size / 1e9).toFixed(2)} GB`);
  const spec = readArchitecture(JSON.parse(readFileSync(path.join(options.out, 'config.json'), 'utf8')) as ModelConfig);
  const { rows, maxLength, lengths, changes } = exactRows('orpo', options.parts, options.steps);

  const tokens = lengths.prompt + lengths.chosen + lengths.rejected;
  const packing = new PackingClock();
  // Beside the model: packed weights are large, and a temporary folder may lie in memory. A cache of its own, so that they are packed each time.
  const folder = mkdtempSync(`${options.out}-run-`);
  try {
    const figures = await trainOurs({
      rows, maxLength, changes, cli: options.cli, model: options.out, init: null, isCheckpointing: true, is4bit: true, threads: options.threads, cache: path.join(folder, 'cache'),
      onEvent(event) {
        if (event.type === 'status_update') packing.read(event.status, Date.parse(event.time));
        if (event.type === 'metrics') console.log(`step ${event.step} of ${options.steps}: ${event.step_seconds.toFixed(1)} s, loss ${event.loss.toFixed(4)}`);
      },
    }, folder);
    // The first step of a process also warms up.
    const stepSeconds = median(figures.step_seconds.length > 1 ? figures.step_seconds.slice(1) : figures.step_seconds);
    const work = countedWork(spec, LORA_RANK, lengths);
    console.log(`\n${aligned([
      ['weights, millions', 'max_length', 'tokens a row', 'peak GB', 'packing s', 'first step s', 'later steps s', 'GFLOP/s', 'whole s', 'load before'],
      [
        (weights / 1e6).toFixed(0), String(maxLength), String(tokens), (figures.peak_rss_bytes / 1e9).toFixed(2), packing.seconds()?.toFixed(1) ?? '–', figures.step_seconds[0]!.toFixed(1),
        stepSeconds.toFixed(1), (work / 1e9 / stepSeconds).toFixed(1), figures.whole_seconds.toFixed(0), figures.load_before.toFixed(1),
      ],
    ]).join('\n')}`);
    mkdirSync(path.dirname(options.json), { recursive: true });
    writeFileSync(options.json, `${JSON.stringify({
      date: new Date().toISOString(), commit: commit(ROOT), machine: machine(), sizes: options.sizes, weights, max_length: maxLength, tokens, threads: options.threads,
      counted_work: work, model_write_seconds: writeSeconds, packing_seconds: packing.seconds() ?? null, later_step_seconds: stepSeconds, figures,
    }, null, 2)}\n`);
    console.log(`\nWritten: ${options.json}`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** From the opening of the model to the reading of the rows: headers are read in milliseconds, the rest is packing. */
class PackingClock {
  private start: number | undefined;
  private end: number | undefined;

  read(status: string, milliseconds: number): void {
    if (status === 'loading_model') this.start ??= milliseconds;
    if (status === 'loading_dataset') this.end ??= milliseconds;
  }

  seconds(): number | undefined {
    return this.start === undefined || this.end === undefined ? undefined : (this.end - this.start) / 1000;
  }
}

function readOptions() {
  const { values } = parseArgs({ options: {
    out: { type: 'string' },
    tokenizer: { type: 'string' },
    steps: { type: 'string', default: '3' },
    'max-length': { type: 'string', default: '512' },
    threads: { type: 'string' },
    hidden: { type: 'string' },
    layers: { type: 'string' },
    heads: { type: 'string' },
    'kv-heads': { type: 'string' },
    intermediate: { type: 'string' },
    vocabulary: { type: 'string' },
    cli: { type: 'string', default: path.join(ROOT, 'dist/cli.mjs') },
    json: { type: 'string', default: path.join(ROOT, 'out/bench', `large-${new Date().toISOString().replaceAll(':', '-')}.json`) },
  } });
  const maxLength = count('--max-length', values['max-length']);
  const size = (name: string, text: string | undefined, otherwise: number): number => text === undefined ? otherwise : count(name, text);
  const sizes: LlamaSizes = {
    hidden: size('--hidden', values.hidden, ONE_BILLION.hidden),
    layers: size('--layers', values.layers, ONE_BILLION.layers),
    heads: size('--heads', values.heads, ONE_BILLION.heads),
    kvHeads: size('--kv-heads', values['kv-heads'], ONE_BILLION.kvHeads),
    intermediate: size('--intermediate', values.intermediate, ONE_BILLION.intermediate),
    vocabulary: size('--vocabulary', values.vocabulary, ONE_BILLION.vocabulary),
  };
  if (values.out === undefined) throw new Error('--out is missing: the folder that the model is written to, 2.5 GB, and kept.');
  return {
    out: path.resolve(values.out),
    tokenizer: existing('--tokenizer (or MERLINA_BENCH_MODEL)', values.tokenizer ?? process.env.MERLINA_BENCH_MODEL),
    steps: count('--steps', values.steps),
    parts: { prompt: Math.floor(maxLength / 4), response: maxLength - Math.floor(maxLength / 4) },
    threads: values.threads === undefined ? null : count('--threads', values.threads),
    sizes,
    cli: existing('--cli', values.cli),
    json: path.resolve(values.json),
  };
}

await main();
