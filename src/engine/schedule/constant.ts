/** The recipe's rate throughout; a warm-up is ignored, as transformers does.  Source: transformers 5.23, get_constant_schedule. */
import type { Schedule } from './schedule';

export const constant: Schedule = {
  id: 'constant',
  title: 'Constant',
  options: {},
  factor: () => 1,
};
