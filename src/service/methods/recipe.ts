/** Answers about recipes: what can be said of one before it runs, and which models there are. */
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { cachedModels } from '../../models/hub/cachedModels';
import { searchModels } from '../../models/hub/searchModels';
import { assess, estimateTime, gatherEnvironment, withTime } from '../../preflight';
import type { Environment } from '../../preflight';
import { datasetSources, makeRecipe } from '../../recipe';
import type { Recipe, RecipeInput } from '../../recipe';
import type { Handlers } from '../../shared/calls';
import type { TimeOutlook } from '../../shared/recipeAssessment';
import { TRAINED_BACKENDS } from '../../shared/trainedBackends';
import { Recent } from '../recent';
import type { recipeContract } from './recipeContract';

/** Keys that say nothing of the model, the rows or the machine: changing them asks nobody anew. */
const HYPERPARAMETERS: readonly (keyof Recipe)[] = [
  'output_name', 'learning_rate', 'num_epochs', 'max_steps', 'batch_size', 'gradient_accumulation_steps', 'lr_scheduler_type', 'warmup_ratio', 'weight_decay',
  'max_grad_norm', 'optimizer_type', 'adam_beta1', 'adam_beta2', 'adam_epsilon', 'neftune_alpha', 'use_lora', 'lora_r', 'lora_alpha', 'lora_dropout', 'use_rslora',
  'target_modules', 'modules_to_save', 'beta', 'gamma', 'label_smoothing', 'cpo_alpha', 'save_steps', 'save_total_limit', 'logging_steps', 'sample_prompts',
  'gradient_checkpointing', 'threads', 'early_stopping_patience',
];
/** Keys that decide what is learnt, not how long it takes. */
const TIMELESS: readonly (keyof Recipe)[] = [
  'output_name', 'learning_rate', 'lr_scheduler_type', 'warmup_ratio', 'weight_decay', 'max_grad_norm', 'adam_beta1', 'adam_beta2', 'adam_epsilon', 'lora_alpha', 'use_rslora',
  'beta', 'gamma', 'label_smoothing', 'cpo_alpha', 'save_steps', 'save_total_limit', 'logging_steps', 'sample_prompts', 'early_stopping_patience',
];
/** What was gathered is asked for again after so long: models arrive in the cache, memory is freed. */
const KEPT_MS = 20_000;
const environments = new Recent<Environment>(3);
const times = new Recent<TimeOutlook | string>(16);

export const recipeHandlers: Handlers<typeof recipeContract> = {
  async assessRecipe({ recipe: input, baseDir, dataDirectory }, { signal, progress }) {
    const recipe = makeRecipe(input as RecipeInput);
    const key = await keyOf(recipe);
    const environment = await environments.get(key, () => gatherEnvironment(recipe, {
      baseDir, runDirectory: path.join(dataDirectory, 'runs'), runExists: false, backends: TRAINED_BACKENDS,
    }));
    signal.throwIfAborted();
    const assessment = assess(recipe, environment);
    progress(assessment);
    return withTime(assessment, await times.get(JSON.stringify([key, without(recipe, TIMELESS)]), () => estimateTime(recipe, environment)));
  },

  async cachedModels() {
    return (await cachedModels()).map(({ id, bytes }) => ({ id, label: id, kind: 'cached', sizeBytes: bytes }));
  },

  async searchModels({ query }, { signal }) {
    return searchModels(query, { signal });
  },
};

async function keyOf(recipe: Recipe): Promise<string> {
  const files = datasetSources(recipe).flatMap(({ source }) => source.file_path ?? []);
  const stamps = await Promise.all([recipe.base_model, ...files].map(file => stat(file).then(({ mtimeMs, size }) => `${mtimeMs} ${size}`, () => '')));
  return JSON.stringify([Math.floor(Date.now() / KEPT_MS), stamps, without(recipe, HYPERPARAMETERS)]);
}

function without(recipe: Recipe, keys: readonly string[]): Partial<Recipe> {
  return Object.fromEntries(Object.entries(recipe).filter(([key]) => !keys.includes(key)));
}
