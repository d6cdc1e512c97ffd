/** What a learning-rate schedule is: a factor on the recipe's learning rate, update by update. */

/** Counts in optimizer updates. */
export interface ScheduleRange {
  readonly totalSteps: number;
  readonly warmupSteps: number;
  /** The recipe's learning rate; only schedules with an absolute end rate read it. */
  readonly learningRate: number;
}

/** A schedule's own parameters under transformers' names (`lr_scheduler_kwargs`); absent ones take the default. */
export type ScheduleOptions = Readonly<Record<string, number>>;

export interface Schedule {
  readonly id: string;
  readonly title: string;
  /** Every option it reads, with transformers' default. NaN stands for "derived from the range". */
  readonly options: ScheduleOptions;
  /** Factor at update `step`, counted from 0: the rate of the first update is factor(0). */
  factor(step: number, range: ScheduleRange, options: ScheduleOptions): number;
}

/** Linear rise 0, 1/w, 2/w …: the first update of a warm-up has rate 0, as in transformers. */
export function warmupFactor(step: number, warmupSteps: number): number {
  return step / Math.max(1, warmupSteps);
}

/** Fraction of the way from the end of the warm-up to the end of the run. */
export function progressAfterWarmup(step: number, { totalSteps, warmupSteps }: ScheduleRange): number {
  return (step - warmupSteps) / Math.max(1, totalSteps - warmupSteps);
}

/** Half a cosine wave per half cycle: 1 at progress 0; 0 at progress 1 for 0.5 cycles. */
export function cosineFactor(progress: number, cycles: number): number {
  return Math.max(0, 0.5 * (1 + Math.cos(Math.PI * cycles * 2 * progress)));
}
