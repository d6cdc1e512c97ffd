/** Odds-ratio preference optimisation: likelihood of the chosen answer, and its odds against the rejected one. */
import { log1mExpOp, logSigmoidOp } from '../ops';
import { BETA, mean, type Loss } from './loss';
import { pairMetrics } from './preference';

export const orpo: Loss = {
  id: 'orpo',
  title: 'Odds-ratio preference optimisation',
  formula: 'NLL(prompt + chosen) − β·mean log σ(o),  o = (ℓc − ℓr) − (log(1 − e^ℓc) − log(1 − e^ℓr)),  ℓ mean log-probability of a response',
  source: 'arXiv 2403.07691; TRL ORPOTrainer 1.16',
  needs: { rows: 'pair', reference: false, averageLogps: true, learnPrompt: true },
  reduction: 'mean',
  parameters: { beta: { ...BETA, help: 'Weight of the odds ratio beside the likelihood (λ in the paper).' } },
  build({ vectors: v, logps: { chosen, rejected }, nll }, { beta }) {
    const complement = (logp: typeof chosen) => v.tape.apply(log1mExpOp, [logp], null);
    const odds = v.sub(v.sub(chosen, rejected), v.sub(complement(chosen), complement(rejected)));
    const ratio = v.tape.apply(logSigmoidOp, [odds], null);
    return { loss: v.add(nll, v.affine(v.mean(ratio), -beta)), figures: { odds, ratio } };
  },
  metrics: (figures, { beta }) => ({
    ...pairMetrics(figures, beta),
    nll_loss: figures.nll,
    log_odds_ratio: mean(figures.rows.ratio),
    log_odds_chosen: mean(figures.rows.odds),
  }),
};
