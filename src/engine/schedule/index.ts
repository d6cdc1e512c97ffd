/** Learning-rate schedules: the list, and the rate of an update. */
import type { Schedule, ScheduleOptions, ScheduleRange } from './schedule';
import { constant } from './constant';
import { constantWithWarmup } from './constantWithWarmup';
import { cosine } from './cosine';
import { cosineWithMinLr } from './cosineWithMinLr';
import { cosineWithRestarts } from './cosineWithRestarts';
import { inverseSqrt } from './inverseSqrt';
import { linear } from './linear';
import { polynomial } from './polynomial';
import { warmupStableDecay } from './warmupStableDecay';

export type { Schedule, ScheduleOptions, ScheduleRange } from './schedule';

export const SCHEDULES: readonly Schedule[] = [
  cosine, linear, cosineWithRestarts, cosineWithMinLr, polynomial, constant, constantWithWarmup, inverseSqrt, warmupStableDecay,
];

/** The schedule of that name (`lr_scheduler_type`), or undefined. */
export function findSchedule(id: string): Schedule | undefined {
  return SCHEDULES.find(schedule => schedule.id === id);
}

/** Learning rate of update `step`, counted from 0. */
export function learningRateAt(schedule: Schedule, step: number, range: ScheduleRange, options: ScheduleOptions = {}): number {
  return range.learningRate * schedule.factor(step, range, { ...schedule.options, ...options });
}
