/** Cosine decay to a share of the rate.  Source: transformers 5.23, get_cosine_with_min_lr_schedule_with_warmup. */
import type { Schedule } from './schedule';
import { progressAfterWarmup, warmupFactor } from './schedule';

export const cosineWithMinLr: Schedule = {
  id: 'cosine_with_min_lr',
  title: 'Cosine decay to a minimum',
  // transformers demands min_lr or min_lr_rate; a tenth is the usual choice (arXiv 2203.15556).
  options: { num_cycles: 0.5, min_lr_rate: 0.1, min_lr: NaN },
  factor(step, range, options) {
    if (step < range.warmupSteps) return warmupFactor(step, range.warmupSteps);
    const floor = Number.isNaN(options.min_lr!) ? options.min_lr_rate! : options.min_lr! / range.learningRate;
    const wave = 0.5 * (1 + Math.cos(Math.PI * options.num_cycles! * 2 * progressAfterWarmup(step, range)));
    return Math.max(0, wave * (1 - floor) + floor);
  },
};
