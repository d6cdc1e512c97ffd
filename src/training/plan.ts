/** What the loop is asked to do, in plain values; made from a recipe by recipePlan.ts, by literals in tests. */
import type { OptimizerOptions } from '../engine/optimizer';
import type { ScheduleOptions } from '../engine/schedule';

export interface TrainingPlan {
  readonly seed: number;
  /** Rows of a micro-batch. */
  readonly batchSize: number;
  /** Micro-batches of an update. */
  readonly accumulationSteps: number;
  /** Fractions allowed. */
  readonly epochs: number;
  /** Updates of the run; overrides `epochs`. */
  readonly maxSteps: number | null;
  readonly shuffle: boolean;
  readonly learningRate: number;
  /** `lr_scheduler_type`. */
  readonly schedule: string;
  readonly scheduleOptions: ScheduleOptions;
  /** Fraction of all updates. */
  readonly warmupRatio: number;
  /** `optimizer_type`. */
  readonly optimizer: string;
  readonly optimizerOptions: OptimizerOptions;
  /** 0 leaves gradients as they are. */
  readonly maxGradNorm: number;
  /** 0 off; below 1 a fraction of all updates; else updates. */
  readonly evalSteps: number;
  readonly evalOnStart: boolean;
  /** As evalSteps; null follows it. */
  readonly saveSteps: number | null;
  /** Newest checkpoints that are kept; the best is kept besides. */
  readonly saveTotalLimit: number;
  readonly loggingSteps: number;
  /** Evaluations without a lower eval_loss after which the run ends; null never. */
  readonly earlyStoppingPatience: number | null;
}
