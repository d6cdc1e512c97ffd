/** Direct preference optimisation. */
import { BETA, LABEL_SMOOTHING, type Loss } from './loss';
import { logisticPreference, pairMetrics, policyMargin } from './preference';

export const dpo: Loss = {
  id: 'dpo',
  title: 'Direct preference optimisation',
  formula: '−(1−ε)·log σ(β·Δ) − ε·log σ(−β·Δ),  Δ = (ℓc − ℓr) − (ℓc − ℓr of the reference),  ℓ summed log-probability',
  source: 'arXiv 2305.18290; label smoothing as conservative DPO (TRL 1.16 leaves it out of its sigmoid loss)',
  needs: { rows: 'pair', reference: true, averageLogps: false, learnPrompt: false },
  reduction: 'mean',
  parameters: { beta: BETA, label_smoothing: LABEL_SMOOTHING },
  build: ({ vectors: v, logps, reference }, { beta, label_smoothing }) => ({
    loss: logisticPreference(v, v.affine(policyMargin(v, logps, reference), beta), label_smoothing),
    figures: {},
  }),
  metrics: (figures, { beta }) => pairMetrics(figures, beta),
};
