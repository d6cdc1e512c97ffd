/** `merlina train --demo`: teaches the built-in apprentice a wizard's voice, and shows its answers before and after. */
import fs from 'node:fs';
import path from 'node:path';
import { InferenceSession } from '../inference';
import { loadRecipe } from '../recipe';
import type { Recipe } from '../recipe';
import { problemError } from '../shared/problem';
import { GREEDY } from '../shared/sampling';
import { RunDirectory } from '../training';
import { EXIT } from './command';
import type { Terminal } from './command';
import { trainInForeground } from './trainInForeground';

export interface DemoOptions {
  /** Of the run; undefined takes DATA/runs/demo, which is emptied first. */
  readonly runDirectory: string | undefined;
  readonly dataDirectory: string;
  readonly isJson: boolean;
  readonly isResume: boolean;
}

/** Where the apprentice may lie: beside the sources, beside dist/, and above dist/chunks/. */
const MEDIA = [['..', '..'], ['..']].map(steps => path.resolve(import.meta.dirname, ...steps, 'media', 'apprentice'));
const RECIPE = 'demo.merlina.json';
const ANSWER_TOKENS = 80;

/** Gives the exit code. */
export async function runDemo({ runDirectory, dataDirectory, isJson, isResume }: DemoOptions, terminal: Terminal): Promise<number> {
  const recipe = await demoRecipe();
  const folder = runDirectory ?? path.join(dataDirectory, 'runs', 'demo');
  if (!isResume) {
    if (runDirectory === undefined) fs.rmSync(folder, { recursive: true, force: true });
    RunDirectory.create(folder, recipe);
  }
  const show = async (title: string, adapter?: string): Promise<void> => {
    const samples = await answers(recipe, adapter);
    if (isJson) terminal.out(`${JSON.stringify({ type: 'demo', when: title.toLowerCase(), samples })}\n`);
    else terminal.out(`\n${title}\n${samples.map(({ prompt, text }) => `  > ${prompt}\n    ${text}\n`).join('')}\n`);
  };
  await show('Before');
  const exit = await trainInForeground(folder, { isResume, isJson }, terminal);
  if (exit === EXIT.done) await show('After', new RunDirectory(folder).adapter);
  return exit;
}

async function demoRecipe(): Promise<Recipe> {
  const media = MEDIA.find(folder => fs.existsSync(path.join(folder, RECIPE)));
  if (media === undefined) {
    throw problemError('cli/no-demo', `The built-in apprentice is missing; it was looked for in ${MEDIA.join(' and ')}.`, { fix: { text: 'Install Merlina again, or run it in its clone.' } });
  }
  return (await loadRecipe(path.join(media, RECIPE))).recipe;
}

/** The likeliest answer to each of the recipe's sample prompts. */
async function answers(recipe: Recipe, adapter: string | undefined): Promise<{ prompt: string; text: string }[]> {
  const session = await InferenceSession.open({ model: recipe.base_model, adapter });
  const samples: { prompt: string; text: string }[] = [];
  try {
    for (const prompt of recipe.sample_prompts) {
      let text = '';
      const options = { ...GREEDY, maxNewTokens: ANSWER_TOKENS, seed: 0 };
      for await (const piece of session.answer(session.promptOf([{ role: 'user', content: prompt }]), options)) text += piece;
      samples.push({ prompt, text: text.trim() });
    }
  } finally {
    await session.release();
  }
  return samples;
}
