/** Decay with one over the square root of the step.  Source: transformers 5.23, get_inverse_sqrt_schedule. */
import type { Schedule } from './schedule';
import { warmupFactor } from './schedule';

/** Timescale where there is no warm-up to take it from. */
const DEFAULT_TIMESCALE = 10_000;

export const inverseSqrt: Schedule = {
  id: 'inverse_sqrt',
  title: 'Inverse square root',
  options: { timescale: NaN },
  factor(step, { warmupSteps }, options) {
    if (step < warmupSteps) return warmupFactor(step, warmupSteps);
    const timescale = Number.isNaN(options.timescale!) ? warmupSteps || DEFAULT_TIMESCALE : options.timescale!;
    return 1 / Math.sqrt((step + timescale - warmupSteps) / timescale);
  },
};
