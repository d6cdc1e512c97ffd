/** Makes the apprentice from nothing, with our own engine, into media/apprentice: `npx tsx scripts/apprentice/train.ts [--resume] [--threads N]`.
 *  Text, tokenizer and first weights come from fixed seeds; the last bits of the result depend on the number of threads. */
import { mkdir, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { RunDirectory, runTrainer } from '../../src/training';
import { renderProblem } from '../../src/shared/problem';
import type { RunEvent } from '../../src/shared/events';
import { publish } from './publish';
import { writeUntrainedModel } from './init';
import { writePreferences } from './writePreferences';
import { corpus, jsonLines } from './text';
import { trainingRecipe } from './trainingRecipe';

const WORK = resolve('tmp/apprentice');
const RESULT = 'media/apprentice';

async function main(): Promise<number> {
  const { values } = parseArgs({ options: { resume: { type: 'boolean', default: false }, threads: { type: 'string' } } });
  const run = join(WORK, 'run');
  if (!values.resume) {
    if (existsSync(run)) throw new Error(`${run} holds an earlier run: go on with --resume, or remove it.`);
    const model = join(WORK, 'untrained');
    const rows = join(WORK, 'train.jsonl');
    await mkdir(WORK, { recursive: true });
    await writeUntrainedModel(model);
    await writeFile(rows, jsonLines(corpus().train));
    RunDirectory.create(run, { ...trainingRecipe(model, rows), ...(values.threads !== undefined && { threads: Number(values.threads) }) });
  }
  const { kind, problems } = await runTrainer(run, { isResume: values.resume, onEvent: show });
  for (const problem of problems) console.error(renderProblem(problem));
  if (kind !== 'completed') return 1;
  await publish(join(run, 'model'), RESULT);
  await writePreferences(RESULT);
  return 0;
}

function show(event: RunEvent): void {
  if (event.type === 'metrics') console.log(`${event.step}  epoch ${event.epoch.toFixed(2)}  loss ${event.loss.toFixed(4)}  ${Math.round(event.tokens_per_second ?? 0)} tokens/s`);
  else if (event.type === 'started') console.log(`${event.total_steps} steps, ${event.threads} threads`);
  else if (event.type === 'log') console.log(event.text);
}

process.exitCode = await main();
