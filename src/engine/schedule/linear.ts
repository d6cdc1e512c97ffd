/** Linear decay to zero.  Source: transformers 5.23 optimization.py, get_linear_schedule_with_warmup. */
import type { Schedule } from './schedule';
import { warmupFactor } from './schedule';

export const linear: Schedule = {
  id: 'linear',
  title: 'Linear decay to zero',
  options: {},
  factor(step, { totalSteps, warmupSteps }) {
    if (step < warmupSteps) return warmupFactor(step, warmupSteps);
    return Math.max(0, (totalSteps - step) / Math.max(1, totalSteps - warmupSteps));
  },
};
