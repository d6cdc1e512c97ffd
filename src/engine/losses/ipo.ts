/** Identity preference optimisation: a squared distance from a fixed margin instead of a logistic. */
import { squareOp } from '../ops';
import { BETA, type Figures, type Loss } from './loss';
import { pairMetrics, policyMargin } from './preference';

export const ipo: Loss = {
  id: 'ipo',
  title: 'Identity preference optimisation',
  formula: '(Δ − 1/(2β))²,  Δ = (ℓc − ℓr) − (ℓc − ℓr of the reference),  ℓ mean log-probability',
  source: 'arXiv 2310.12036; TRL DPOTrainer 1.16 with loss_type ipo',
  needs: { rows: 'pair', reference: true, averageLogps: true, learnPrompt: false },
  reduction: 'mean',
  parameters: { beta: { ...BETA, minimum: 1e-4, help: 'The wanted margin is 1/(2β).' } },
  build({ vectors: v, logps, reference }, { beta }) {
    const distance = v.affine(policyMargin(v, logps, reference), 1, -1 / (2 * beta));
    return { loss: v.mean(v.tape.apply(squareOp, [distance], null)), figures: {} };
  },
  /** Rewards are stated of summed log-probabilities, as TRL states them; the loss is of means. */
  metrics({ rows, reference, lengths, ...rest }, { beta }) {
    const summed = (means: Figures['rows']) => Object.fromEntries(Object.entries(means).map(([group, values]) => [group, values.map((value, i) => value * lengths[group][i])]));
    return pairMetrics({ ...rest, lengths, rows: summed(rows), reference: summed(reference) }, beta);
  },
};
