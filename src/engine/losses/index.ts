/** The training methods. To add one: its file, and a line here. */
import { problemError } from '../../shared/problem';
import { cpo } from './cpo';
import { dpo } from './dpo';
import { ipo } from './ipo';
import { kto } from './kto';
import type { Loss } from './loss';
import { orpo } from './orpo';
import { sft } from './sft';
import { simpo } from './simpo';

export const losses: readonly Loss[] = [orpo, sft, dpo, simpo, cpo, ipo, kto];

/** Throws a ProblemError naming the methods there are. */
export function findLoss(id: string): Loss {
  const loss = losses.find(candidate => candidate.id === id);
  if (loss) return loss;
  throw problemError('recipe/training-mode', `Unknown training_mode "${id}". There are: ${losses.map(candidate => candidate.id).join(', ')}.`, { where: { field: 'training_mode' } });
}

/** Given values over defaults; names the loss does not know are dropped. */
export function lossParameters(loss: Loss, given: Readonly<Record<string, number | null | undefined>>): Record<string, number> {
  return Object.fromEntries(Object.entries(loss.parameters).map(([name, parameter]) => [name, given[name] ?? parameter.default]));
}

export { Vectors, type Figures, type Loss } from './loss';
