/** What of a recipe decides its rows and their tokens, under the names that datasets has for it. */
import { resolveTrainOnPrompt } from './resolveSteps';
import type { Recipe } from './schema';

export function datasetSettings(recipe: Recipe) {
  return {
    dataset: recipe.dataset,
    method: recipe.training_mode,
    seed: recipe.seed,
    shuffle: recipe.shuffle_dataset,
    maxLength: recipe.max_length,
    maxPromptLength: recipe.max_prompt_length,
    trainOnPrompt: resolveTrainOnPrompt(recipe),
    trainOnTurns: recipe.train_on_turns,
    evalWanted: recipe.eval_steps > 0,
    batchSize: recipe.batch_size,
    accumulationSteps: recipe.gradient_accumulation_steps,
  };
}
