/** How far the memory estimate is from real runs: node --import tsx test/bench/memory.ts SMOLLM2_FOLDER GGUF_FILE [CASE…].  Each case is trained for two steps
 *  by the built trainer (node esbuild.mjs) in a fresh process; worst and median at the end. Linux only. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gatherEnvironment, recipeMemory } from '../../src/preflight';
import { makeRecipe } from '../../src/recipe';
import { RunDirectory } from '../../src/training';
import { measuredProcess } from './measuredProcess';
import { MEMORY_CASES, type MemoryCase } from './memoryCases';

const [smollm2, gguf, ...chosen] = process.argv.slice(2);
if (smollm2 === undefined || gguf === undefined) throw new Error('usage: memory.ts SMOLLM2_FOLDER GGUF_FILE [CASE…]');
const root = path.join(import.meta.dirname, '../..');
const reference = (name: string): string => path.join(root, 'test/fixtures/reference/training/models', name);
const MODELS: Record<MemoryCase['model'], string> = {
  smollm2: path.resolve(smollm2), gguf: path.resolve(gguf), apprentice: path.join(root, 'media/apprentice'), llama: reference('llama'), gemma3: reference('gemma3'),
};
const SENTENCE = 'The quick brown fox jumps over the lazy dog near the quiet river bank. ';
/** Tokens of SENTENCE by model: words for SmolLM2, pieces of them for the small vocabularies. */
const SENTENCE_TOKENS: Record<MemoryCase['model'], number> = { smollm2: 15, gguf: 15, apprentice: 25, llama: 32, gemma3: 32 };

const folder = mkdtempSync(path.join(tmpdir(), 'merlina-memory-'));
const megabytes = (bytes: number): string => `${Math.round(bytes / 2 ** 20)} MB`;
const errors: { error: number; isKeptOut: boolean }[] = [];
try {
  for (const [i, one] of MEMORY_CASES.entries()) {
    if (chosen.length > 0 && !chosen.includes(String(i))) continue;
    const { estimated, measured } = await compare(i, one);
    const error = estimated / measured - 1;
    errors.push({ error: Math.abs(error), isKeptOut: one.isKeptOut ?? false });
    console.log(`${String(i).padStart(2)} ${`${one.model} ${one.tokens} ${JSON.stringify(one.changes)}`.padEnd(112)} measured ${megabytes(measured)}, estimated ${megabytes(estimated)}, ${(100 * error).toFixed(1)} %${one.isKeptOut ? ' (kept out)' : ''}`);
  }
} finally {
  rmSync(folder, { recursive: true });
}
summarise('all', errors);
summarise('kept out', errors.filter(({ isKeptOut }) => isKeptOut));

async function compare(i: number, { model, tokens, changes }: MemoryCase): Promise<{ estimated: number; measured: number }> {
  const recipe = makeRecipe({
    base_model: MODELS[model], output_name: `memory${i}`, use_lora: true, lora_r: 16, lora_alpha: 32, use_4bit: false, optimizer_type: 'adamw_torch',
    gradient_checkpointing: false, batch_size: 1, gradient_accumulation_steps: 1, max_steps: 2, eval_steps: 0, save_steps: 0,
    max_length: tokens, max_prompt_length: Math.floor(tokens / 2),
    dataset: { source: { source_type: 'local_file', file_path: rowsFile(i, model, tokens) }, format: { format_type: 'raw' }, test_size: 0.25 }, ...changes,
  });
  const environment = await gatherEnvironment(recipe, { baseDir: folder, runDirectory: folder, runExists: false, backends: ['embedded'] });
  const estimate = recipeMemory(recipe, environment.model, environment.dataset.lengths);
  if (!estimate) throw new Error(`the memory of case ${i} is not estimated: ${JSON.stringify(environment.model.problems)}`);
  const run = path.join(folder, recipe.output_name);
  RunDirectory.create(run, recipe);
  const { peakBytes } = await measuredProcess({ command: process.execPath, args: [path.join(root, 'dist/trainer.mjs'), run] });
  return { estimated: estimate.totalBytes, measured: peakBytes ?? NaN };
}

/** Rows that all fill their length, a quarter prompt and the rest answer: every micro-batch is as large as the largest. Prompts differ, by as many digits, or none could be split off. */
function rowsFile(i: number, model: MemoryCase['model'], tokens: number): string {
  const text = (share: number): string => SENTENCE.repeat(Math.ceil((share * tokens) / SENTENCE_TOKENS[model]));
  const file = path.join(folder, `rows${i}.jsonl`);
  const rows = Array.from({ length: 24 }, (_, row) => JSON.stringify({ prompt: `${row + 10} ${text(0.25)}`, chosen: text(1), rejected: text(1) }));
  writeFileSync(file, rows.join('\n'));
  return file;
}

function summarise(title: string, some: readonly { error: number }[]): void {
  const sorted = some.map(({ error }) => error).sort((a, b) => a - b);
  if (sorted.length > 0) console.log(`${title}: ${sorted.length} recipes, median ${(100 * sorted[sorted.length >> 1]!).toFixed(1)} %, worst ${(100 * sorted.at(-1)!).toFixed(1)} %`);
}
