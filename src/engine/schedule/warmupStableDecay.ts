/** Rise, plateau, cosine fall at the end.  Source: transformers 5.23, get_wsd_schedule (linear warm-up, cosine decay). */
import type { Schedule } from './schedule';
import { cosineFactor, warmupFactor } from './schedule';

/** Share of the run that decays where num_decay_steps is not given (transformers demands it); from arXiv 2404.06395. */
const DECAY_FRACTION = 0.1;

export const warmupStableDecay: Schedule = {
  id: 'warmup_stable_decay',
  title: 'Warm-up, plateau, decay',
  options: { num_decay_steps: NaN, min_lr_ratio: 0, num_cycles: 0.5 },
  factor(step, { totalSteps, warmupSteps }, options) {
    const floor = options.min_lr_ratio!;
    const decaySteps = Number.isNaN(options.num_decay_steps!) ? Math.ceil(totalSteps * DECAY_FRACTION) : options.num_decay_steps!;
    const stableSteps = totalSteps - warmupSteps - decaySteps;
    if (step < warmupSteps) return warmupFactor(step, warmupSteps) * (1 - floor) + floor;
    if (step < warmupSteps + stableSteps) return 1;
    if (step >= warmupSteps + stableSteps + decaySteps) return floor;
    const progress = (step - warmupSteps - stableSteps) / Math.max(1, decaySteps);
    return cosineFactor(progress, options.num_cycles!) * (1 - floor) + floor;
  },
};
