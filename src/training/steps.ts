/** How many updates a run has, and at which it warms up, evaluates and saves.  Arithmetic as transformers 5.23's Trainer. */
import { resolveSaveSteps, resolveSteps } from '../recipe';
import type { TrainingPlan } from './plan';

export interface StepCounts {
  readonly microBatchesPerEpoch: number;
  readonly updatesPerEpoch: number;
  readonly totalSteps: number;
  readonly warmupSteps: number;
  /** Every so many updates; 0 never. */
  readonly evalEvery: number;
  readonly saveEvery: number;
}

type StepPlan = Pick<TrainingPlan, 'batchSize' | 'accumulationSteps' | 'epochs' | 'maxSteps' | 'warmupRatio' | 'evalSteps' | 'saveSteps'>;

/** `evalRowCount` 0 turns evaluation off, and saving still follows `evalSteps`. */
export function countSteps(plan: StepPlan, rowCount: number, evalRowCount: number): StepCounts {
  const microBatchesPerEpoch = Math.ceil(rowCount / plan.batchSize);
  const updatesPerEpoch = Math.max(1, Math.ceil(microBatchesPerEpoch / plan.accumulationSteps));
  const totalSteps = plan.maxSteps ?? Math.max(1, Math.ceil(plan.epochs * updatesPerEpoch));
  return {
    microBatchesPerEpoch,
    updatesPerEpoch,
    totalSteps,
    warmupSteps: Math.ceil(totalSteps * plan.warmupRatio),
    evalEvery: evalRowCount === 0 ? 0 : resolveSteps(plan.evalSteps, totalSteps),
    saveEvery: resolveSaveSteps({ save_steps: plan.saveSteps, eval_steps: plan.evalSteps }, totalSteps),
  };
}

/** True at every multiple of `every`, false always where that is 0. */
export function isDue(step: number, every: number): boolean {
  return every > 0 && step > 0 && step % every === 0;
}
