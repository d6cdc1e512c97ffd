/** How far the time estimate is from real runs: node --import tsx test/bench/time.ts MODEL.  In processor time of one thread, so that what else the machine does counts little. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gatherEnvironment } from '../../src/preflight';
import { measureSpeed } from '../../src/preflight/time/machineSpeed';
import { runTime } from '../../src/preflight/time/recipeTime';
import { recipeOfText, type RecipeInput } from '../../src/recipe';
import { RunDirectory, runTrainer } from '../../src/training';

const model = process.argv[2];
if (model === undefined) throw new Error('usage: time.ts MODEL');
const SENTENCE = 'The quick brown fox jumps over the lazy dog near the quiet river bank. ';
/** All rows alike, so that every step costs the same. */
const ROW = { prompt: SENTENCE.repeat(4), chosen: SENTENCE.repeat(6), rejected: SENTENCE.repeat(3) };
const STEPS = 5;
const CASES: Partial<RecipeInput>[] = [
  { training_mode: 'sft' },
  { training_mode: 'orpo' },
  { training_mode: 'orpo', gradient_checkpointing: true },
  { training_mode: 'orpo', lora_r: 64, batch_size: 2 },
  { training_mode: 'dpo', use_4bit: true },
];

const folder = mkdtempSync(path.join(tmpdir(), 'merlina-time-'));
writeFileSync(path.join(folder, 'rows.jsonl'), Array.from({ length: 24 }, () => JSON.stringify(ROW)).join('\n'));
const speed = await measureSpeed(1);
const errors: number[] = [];
for (const [i, changes] of CASES.entries()) {
  const input: RecipeInput = {
    base_model: path.resolve(model), output_name: 'time', lora_r: 16, batch_size: 1, gradient_accumulation_steps: 1, max_steps: STEPS, threads: 1, use_4bit: false,
    gradient_checkpointing: false, eval_steps: 0, save_steps: 0, max_length: 512, max_prompt_length: 256, logging_steps: 1,
    dataset: { source: { source_type: 'local_file', file_path: 'rows.jsonl' }, test_size: 0 }, ...changes,
  };
  const { recipe } = recipeOfText(JSON.stringify(input), path.join(folder, 'time.merlina.json'));
  const { model: facts, dataset } = await gatherEnvironment(recipe, { baseDir: folder, runDirectory: folder, runExists: false, backends: ['embedded'] });
  const { secondsPerStep } = runTime(recipe, { spec: facts.spec!, tensorType: facts.tensorType, lengths: dataset.lengths, trainRows: dataset.trainRows!, evalRows: 0 }, speed);
  const measured = await stepSeconds(path.join(folder, `run${i}`), recipe);
  errors.push(Math.abs(secondsPerStep / measured - 1));
  console.log(`${JSON.stringify(changes).padEnd(64)} measured ${measured.toFixed(2)} s, estimated ${secondsPerStep.toFixed(2)} s, ${(100 * (secondsPerStep / measured - 1)).toFixed(0)} %`);
}
rmSync(folder, { recursive: true });
errors.sort((a, b) => a - b);
console.log(`median ${(100 * errors[errors.length >> 1]!).toFixed(0)} %, worst ${(100 * errors.at(-1)!).toFixed(0)} %`);

/** Processor seconds of a step: the median of those after the first, which allocates. */
async function stepSeconds(run: string, recipe: Parameters<typeof RunDirectory.create>[1]): Promise<number> {
  RunDirectory.create(run, recipe);
  const at: number[] = [];
  await runTrainer(run, { isResume: false, onEvent: event => { if ('step_seconds' in event) at.push(process.cpuUsage().user / 1e6); } });
  const steps = at.slice(1).map((time, i) => time - at[i]!).sort((a, b) => a - b);
  return steps[steps.length >> 1] ?? NaN;
}
