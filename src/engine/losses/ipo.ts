/** Identity preference optimisation: a squared distance from a fixed margin instead of a logistic. */
import { squareOp } from '../ops';
import { BETA, type Loss } from './loss';
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
  metrics: (figures, { beta }) => pairMetrics(figures, beta),
};
