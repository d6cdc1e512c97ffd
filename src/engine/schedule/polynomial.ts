/** Polynomial decay to an absolute end rate.  Source: transformers 5.23, get_polynomial_decay_schedule_with_warmup. */
import type { Schedule } from './schedule';
import { warmupFactor } from './schedule';

export const polynomial: Schedule = {
  id: 'polynomial',
  title: 'Polynomial decay',
  options: { lr_end: 1e-7, power: 1 },
  factor(step, { totalSteps, warmupSteps, learningRate }, options) {
    // transformers refuses a rate below the end rate; such a run stays at its own rate instead of rising.
    const end = Math.min(options.lr_end!, learningRate);
    if (step < warmupSteps) return warmupFactor(step, warmupSteps);
    if (step > totalSteps) return end / learningRate;
    const remaining = 1 - (step - warmupSteps) / Math.max(1, totalSteps - warmupSteps);
    return ((learningRate - end) * remaining ** options.power! + end) / learningRate;
  },
};
