/** Updates of a run, for saying so before it starts. Arithmetic as transformers' Trainer; a test holds it against the trainer's own. */
import type { Recipe } from '../recipe';

export type StepKeys = Pick<Recipe, 'batch_size' | 'gradient_accumulation_steps' | 'num_epochs' | 'max_steps'>;

export function countUpdates({ batch_size: rows, gradient_accumulation_steps: accumulation, num_epochs: epochs, max_steps: limit }: StepKeys, rowCount: number): { updatesPerEpoch: number; totalSteps: number } {
  const updatesPerEpoch = Math.max(1, Math.ceil(Math.ceil(rowCount / rows) / accumulation));
  return { updatesPerEpoch, totalSteps: limit ?? Math.max(1, Math.ceil(epochs * updatesPerEpoch)) };
}
