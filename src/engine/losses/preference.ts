/** What the pairwise losses share: the smoothed logistic preference, and the figures of a pair under TRL's names. */
import type { Value } from '../graph';
import { logSigmoidOp } from '../ops';
import { mean, type Figures, type Vectors } from './loss';

/** −(1−ε)·log σ(x) − ε·log σ(−x), mean over rows. */
export function logisticPreference(v: Vectors, x: Value, smoothing: number): Value {
  const likes = v.affine(v.tape.apply(logSigmoidOp, [x], null), smoothing - 1);
  if (smoothing === 0) return v.mean(likes);
  const dislikes = v.affine(v.tape.apply(logSigmoidOp, [v.affine(x, -1)], null), -smoothing);
  return v.mean(v.add(likes, dislikes));
}

/** (log p(chosen) − log p(rejected)) − the same under the reference. */
export function policyMargin(v: Vectors, logps: Readonly<Record<string, Value>>, reference: Readonly<Record<string, Value>>): Value {
  return v.sub(v.sub(logps.chosen, logps.rejected), v.sub(reference.chosen, reference.rejected));
}

/** Rewards β·log p, less β·log p of the reference where there is one; margins and accuracy from them. */
export function pairMetrics({ rows, reference }: Figures, beta: number): Record<string, number> {
  const reward = (group: 'chosen' | 'rejected') => rows[group].map((logp, i) => beta * (logp - (reference[group]?.[i] ?? 0)));
  const [chosen, rejected] = [reward('chosen'), reward('rejected')];
  return {
    'rewards/chosen': mean(chosen),
    'rewards/rejected': mean(rejected),
    'rewards/accuracies': mean(chosen.map((value, i) => value > rejected[i] ? 1 : 0)),
    'rewards/margins': mean(chosen.map((value, i) => value - rejected[i])),
    'logps/chosen': mean(rows.chosen),
    'logps/rejected': mean(rows.rejected),
  };
}
