/** Cosine decay that jumps back to the top.  Source: transformers 5.23, get_cosine_with_hard_restarts_schedule_with_warmup. */
import type { Schedule } from './schedule';
import { progressAfterWarmup, warmupFactor } from './schedule';

export const cosineWithRestarts: Schedule = {
  id: 'cosine_with_restarts',
  title: 'Cosine decay with restarts',
  options: { num_cycles: 1 },
  factor(step, range, options) {
    if (step < range.warmupSteps) return warmupFactor(step, range.warmupSteps);
    const progress = progressAfterWarmup(step, range);
    if (progress >= 1) return 0;
    return Math.max(0, 0.5 * (1 + Math.cos(Math.PI * ((options.num_cycles! * progress) % 1))));
  },
};
