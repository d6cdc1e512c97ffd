/** Real runs on the tiny llama of the reference: a recipe, its rows and a run directory in a temporary folder. */
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { makeRecipe } from '../../src/recipe';
import type { Recipe, RecipeInput } from '../../src/recipe';
import { readEvents, RunDirectory } from '../../src/training';

export const TINY_MODEL = fileURLToPath(new URL('../fixtures/reference/training/models/llama', import.meta.url));

const QUESTIONS = ['Who are you?', 'What is a wand?', 'Where do owls sleep?', 'Can cats read?', 'Why is it dark?', 'How old is the tower?', 'Is tea good?', 'When is noon?'];

/** A recipe that takes a second: eight pairs, one thread. */
export function tinyRecipe(folder: string, changes: Partial<RecipeInput> = {}): Recipe {
  const file = path.join(folder, 'rows.jsonl');
  const rows = QUESTIONS.map((prompt, i) => ({ prompt, chosen: `Ah! ${prompt} So it is, number ${i}.`, rejected: 'I do not know.' }));
  fs.writeFileSync(file, rows.map(row => `${JSON.stringify(row)}\n`).join(''));
  return makeRecipe({
    base_model: TINY_MODEL, output_name: 'tiny', training_mode: 'orpo', use_4bit: false, lora_r: 4, lora_alpha: 8, lora_dropout: 0.1,
    learning_rate: 2e-3, num_epochs: 3, gradient_accumulation_steps: 2, max_length: 128, max_prompt_length: 64, eval_steps: 0.25, threads: 1,
    optimizer_type: 'adamw_torch',
    dataset: { source: { source_type: 'local_file', file_path: file }, test_size: 0.2 },
    ...changes,
  });
}

/** Step, loss and gradient norm of every update, the last time it was made. */
export function lossesOf(run: string): [step: number, loss: number, gradientNorm: number][] {
  const bySteps = new Map<number, [number, number, number]>();
  for (const event of readEvents(new RunDirectory(run))) {
    if (event.type === 'metrics') bySteps.set(event.step, [event.step, event.loss, event.grad_norm]);
  }
  return [...bySteps.values()];
}
