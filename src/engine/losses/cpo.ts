/** Contrastive preference optimisation: a preference without reference, held in place by the chosen answer's likelihood. */
import { BETA, LABEL_SMOOTHING, type Loss } from './loss';
import { logisticPreference, pairMetrics } from './preference';

export const cpo: Loss = {
  id: 'cpo',
  title: 'Contrastive preference optimisation',
  formula: '−(1−ε)·log σ(β·(ℓc − ℓr)) − ε·log σ(−β·(ℓc − ℓr)) + α·NLL(chosen),  ℓ summed log-probability',
  source: 'arXiv 2401.08417; TRL CPOTrainer 1.16',
  needs: { rows: 'pair', reference: false, averageLogps: false, learnPrompt: false },
  reduction: 'mean',
  parameters: {
    beta: BETA,
    label_smoothing: LABEL_SMOOTHING,
    cpo_alpha: { default: 1, minimum: 0, maximum: 100, help: 'Weight of the chosen answer’s likelihood beside the preference.' },
  },
  build({ vectors: v, logps: { chosen, rejected }, nll }, { beta, label_smoothing, cpo_alpha }) {
    const preference = logisticPreference(v, v.affine(v.sub(chosen, rejected), beta), label_smoothing);
    return { loss: cpo_alpha === 0 ? preference : v.add(preference, v.affine(nll, cpo_alpha)), figures: {} };
  },
  metrics: (figures, { beta, cpo_alpha }) => ({ ...pairMetrics(figures, beta), ...(cpo_alpha !== 0 && { nll_loss: figures.nll }) }),
};
