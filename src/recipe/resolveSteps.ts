/** What recipe values that depend on others come to. */
import type { Recipe } from './schema';

/** Steps between two events: 0 and null are off (0), below 1 a fraction of all steps (at least 1), from 1 a number of steps. */
export function resolveSteps(value: number | null, totalSteps: number): number {
  if (value === null || value <= 0) return 0;
  return value < 1 ? Math.max(1, Math.floor(totalSteps * value)) : Math.floor(value);
}

/** Steps between checkpoints; save_steps null follows the evaluations. */
export function resolveSaveSteps({ save_steps, eval_steps }: Pick<Recipe, 'save_steps' | 'eval_steps'>, totalSteps: number): number {
  return resolveSteps(save_steps ?? eval_steps, totalSteps);
}

/** Whether the likelihood term covers the prompt: as TRL's ORPO does, and its SFT on prompt and completion does not. */
export function resolveTrainOnPrompt({ train_on_prompt, training_mode }: Pick<Recipe, 'train_on_prompt' | 'training_mode'>): boolean {
  return train_on_prompt ?? training_mode === 'orpo';
}

/** Weight of CPO's likelihood term: 1 for cpo, 0 for simpo (as TRL's CPO-SimPO needs it to be SimPO). */
export function resolveCpoAlpha({ cpo_alpha, training_mode }: Pick<Recipe, 'cpo_alpha' | 'training_mode'>): number {
  return cpo_alpha ?? (training_mode === 'cpo' ? 1 : 0);
}
