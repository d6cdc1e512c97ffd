/** Cosine decay; 0.5 cycles end at zero.  Source: transformers 5.23 optimization.py, get_cosine_schedule_with_warmup. */
import type { Schedule } from './schedule';
import { cosineFactor, progressAfterWarmup, warmupFactor } from './schedule';

export const cosine: Schedule = {
  id: 'cosine',
  title: 'Cosine decay to zero',
  options: { num_cycles: 0.5 },
  factor(step, range, options) {
    if (step < range.warmupSteps) return warmupFactor(step, range.warmupSteps);
    return cosineFactor(progressAfterWarmup(step, range), options.num_cycles!);
  },
};
