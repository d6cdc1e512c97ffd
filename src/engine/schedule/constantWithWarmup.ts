/** The recipe's rate after a linear rise.  Source: transformers 5.23, get_constant_schedule_with_warmup. */
import type { Schedule } from './schedule';
import { warmupFactor } from './schedule';

export const constantWithWarmup: Schedule = {
  id: 'constant_with_warmup',
  title: 'Constant after a warm-up',
  options: {},
  factor: (step, { warmupSteps }) => (step < warmupSteps ? warmupFactor(step, warmupSteps) : 1),
};
