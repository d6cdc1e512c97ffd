/** How memory and time of a step grow with the tokens of a row: two steps a length and setting, each in a fresh process of the built command line.
 *  `node --import tsx test/bench/scaling.ts --model DIR`; see README.md beside it. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import type { ModelConfig } from '../../src/models';
import { readArchitecture } from '../../src/models/architectures';
import { gatherEnvironment, recipeMemory } from '../../src/preflight';
import { countedWork } from './countedWork';
import { exactRows, MODES, partsOf } from './exactRows';
import { leastSquares, type Point } from './leastSquares';
import { linePlot } from './linePlot';
import { commit, machine } from './machine';
import { count, names, oneOf, readTrainingOptions, trainingOptions } from './options';
import { aligned } from './report';
import { ourSettings } from './settings';
import { type OurSetting, trainOurs, writeRecipe } from './trainOurs';

const ROOT = path.resolve(import.meta.dirname, '../..');
/** The first step of a process also warms up. */
const STEPS = 2;
/** As trainOurs.ts has it. */
const LORA_RANK = 16;

interface Case {
  setting: string;
  tokens: number;
  counted_work: number;
  /** As preflight estimates it. */
  estimated_bytes: number | null;
  /** Null where it was left out; `reason` says why. */
  peak_rss_bytes: number | null;
  second_step_seconds: number | null;
  load_before: number | null;
  reason?: string;
}

type Options = ReturnType<typeof readOptions>;

async function main(): Promise<void> {
  const options = readOptions();
  const spec = readArchitecture(JSON.parse(readFileSync(path.join(options.model, 'config.json'), 'utf8')) as ModelConfig);
  const folder = mkdtempSync(path.join(tmpdir(), 'merlina-scaling-'));
  const cases: Case[] = [];
  mkdirSync(path.dirname(options.out), { recursive: true });
  try {
    for (const tokens of options.lengths) {
      const work = countedWork(spec, LORA_RANK, exactRows(options.mode, partsOf(options.mode, tokens), 1).lengths);
      for (const { name, ...of } of ourSettings(options.only)) {
        const one = await measure(options, { name, tokens, work, of }, path.join(folder, `${name}-${tokens}`));
        cases.push(one);
        console.log(one.reason === undefined ? `${name}, ${tokens} tokens: ${one.second_step_seconds!.toFixed(2)} s, ${gigabytes(one.peak_rss_bytes)} GB` : `${name}, ${tokens} tokens: left out. ${one.reason}`);
        // After each, so that hours of measuring are not lost to the last.
        write(options, cases);
      }
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  console.log(`\n${render(cases)}\n\nWritten: ${options.out} and ${plotFile(options.out)}`);
}

/** A case that needs more memory than is free would bring the machine down, so it is left out unless it is forced. */
async function measure(options: Options, { name, tokens, work, of }: { name: string; tokens: number; work: number; of: Pick<OurSetting, 'isCheckpointing' | 'is4bit' | 'isInt8'> }, folder: string): Promise<Case> {
  const { rows, maxLength, changes } = exactRows(options.mode, partsOf(options.mode, tokens), STEPS);
  let seen = 0;
  const setting: OurSetting = {
    ...of, rows, maxLength, changes, cli: options.cli, model: options.model, threads: options.threads, init: null,
    onEvent(event) { if (event.type === 'metrics') seen = Math.round(event.tokens_per_second * event.step_seconds); },
  };
  const { needed, free } = await memoryOf(setting, folder);
  const found: Case = { setting: name, tokens, counted_work: work, estimated_bytes: needed ?? null, peak_rss_bytes: null, second_step_seconds: null, load_before: null };
  if (!options.isForced && needed !== undefined && needed > free) return { ...found, reason: `It needs about ${gigabytes(needed)} GB and ${gigabytes(free)} are free; --force tries it.` };
  try {
    const figures = await trainOurs(setting, folder);
    if (seen !== rows[0]!.tokens) throw new Error(`The trainer saw rows of ${seen} tokens instead of ${rows[0]!.tokens}.`);
    return { ...found, peak_rss_bytes: figures.peak_rss_bytes, second_step_seconds: figures.step_seconds[1]!, load_before: figures.load_before };
  } catch (error) {
    return { ...found, reason: error instanceof Error ? error.message : String(error) };
  }
}

async function memoryOf(setting: OurSetting, folder: string): Promise<{ needed: number | undefined; free: number }> {
  const { recipe } = writeRecipe(setting, folder);
  const { model, dataset, machine: { freeMemoryBytes } } = await gatherEnvironment(recipe, { baseDir: folder, runDirectory: path.join(folder, 'run'), runExists: false, backends: ['embedded'] });
  return { needed: recipeMemory(recipe, model, dataset.lengths)?.totalBytes, free: freeMemoryBytes };
}

function pointsOf(cases: readonly Case[], point: (one: Case) => { x: number; y: number | null }): { name: string; points: Point[] }[] {
  return [...new Set(cases.map(({ setting }) => setting))].map(name => ({
    name,
    points: cases.filter(({ setting }) => setting === name).map(point).flatMap(({ x, y }) => y === null ? [] : [{ x, y }]),
  }));
}

const memoryPoints = (cases: readonly Case[]) => pointsOf(cases, one => ({ x: one.tokens, y: one.peak_rss_bytes && one.peak_rss_bytes / 1e9 }));
const timePoints = (cases: readonly Case[]) => pointsOf(cases, one => ({ x: one.counted_work / 1e9, y: one.second_step_seconds }));

function write(options: Options, cases: readonly Case[]): void {
  const lines = (series: ReturnType<typeof pointsOf>) => Object.fromEntries(series.map(({ name, points }) => [name, leastSquares(points) ?? null]));
  writeFileSync(options.out, `${JSON.stringify({
    date: new Date().toISOString(), commit: commit(ROOT), machine: machine(), model: path.basename(options.model), mode: options.mode, threads: options.threads, cases,
    lines: { gigabytes_by_tokens: lines(memoryPoints(cases)), seconds_by_gflop: lines(timePoints(cases)) },
  }, null, 2)}\n`);
  writeFileSync(plotFile(options.out), linePlot([
    { title: 'Peak memory', xLabel: 'tokens of the row', yLabel: 'GB', series: memoryPoints(cases) },
    { title: 'Time of the second step', xLabel: 'counted work, GFLOP', yLabel: 'seconds', series: timePoints(cases) },
  ]));
}

function render(cases: readonly Case[]): string {
  const rows = cases.map(one => [
    one.setting, String(one.tokens), (one.counted_work / 1e9).toFixed(0), gigabytes(one.estimated_bytes), gigabytes(one.peak_rss_bytes),
    one.second_step_seconds?.toFixed(2) ?? '–', one.second_step_seconds === null ? '–' : (one.counted_work / 1e9 / one.second_step_seconds).toFixed(1), one.load_before?.toFixed(1) ?? '–',
  ]);
  const lineOf = (what: string, { name, points }: ReturnType<typeof pointsOf>[number]): string => {
    const line = leastSquares(points);
    return `${name}, ${what}: ${line ? `${line.intercept.toPrecision(4)} + ${line.slope.toPrecision(4)} x, R² ${line.r2.toFixed(4)}` : 'no line through fewer than two points'}`;
  };
  return [
    ...aligned([['', 'tokens', 'GFLOP', 'estimated GB', 'peak GB', 'second step s', 'GFLOP/s', 'load before'], ...rows]), '',
    ...memoryPoints(cases).map(series => lineOf('GB by tokens', series)), ...timePoints(cases).map(series => lineOf('seconds by GFLOP', series)),
  ].join('\n');
}

function gigabytes(bytes: number | null): string {
  return bytes === null ? '–' : (bytes / 1e9).toFixed(2);
}

function plotFile(out: string): string {
  return out.replace(/(\.json)?$/, '.svg');
}

function readOptions() {
  const { values } = parseArgs({ options: {
    ...trainingOptions('scaling'),
    lengths: { type: 'string', default: '256,512,1024,2048,4096,8192' },
    mode: { type: 'string', default: 'sft' },
    force: { type: 'boolean', default: false },
  } });
  return {
    ...readTrainingOptions(values),
    lengths: names(values.lengths).map(text => count('--lengths', text)),
    mode: oneOf('--mode', values.mode, MODES),
    isForced: values.force,
  };
}

await main();
