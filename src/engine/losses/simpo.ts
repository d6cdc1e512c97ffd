/** Simple preference optimisation: length-normalised rewards with a margin, no reference. */
import { BETA, LABEL_SMOOTHING, type Loss } from './loss';
import { logisticPreference, pairMetrics } from './preference';

export const simpo: Loss = {
  id: 'simpo',
  title: 'Simple preference optimisation',
  formula: '−log σ(β·(ℓc − ℓr) − γ),  ℓ mean log-probability (γ is TRL’s simpo_gamma)',
  source: 'arXiv 2405.14734; TRL CPOTrainer 1.16 with loss_type simpo',
  needs: { rows: 'pair', reference: false, averageLogps: true, learnPrompt: false },
  reduction: 'mean',
  parameters: {
    beta: { ...BETA, default: 2 },
    gamma: { default: 0.5, minimum: 0, maximum: 100, help: 'How far the chosen reward should lie above the rejected one.' },
    label_smoothing: LABEL_SMOOTHING,
    cpo_alpha: { default: 0, minimum: 0, maximum: 100, help: 'Weight of the chosen answer’s likelihood beside the preference.' },
  },
  build({ vectors: v, logps: { chosen, rejected }, nll }, { beta, gamma, label_smoothing, cpo_alpha }) {
    const preference = logisticPreference(v, v.affine(v.sub(chosen, rejected), beta, -gamma), label_smoothing);
    return { loss: cpo_alpha === 0 ? preference : v.add(preference, v.affine(nll, cpo_alpha)), figures: {} };
  },
  metrics: (figures, { beta, cpo_alpha }) => ({ ...pairMetrics(figures, beta), ...(cpo_alpha !== 0 && { nll_loss: figures.nll }) }),
};
