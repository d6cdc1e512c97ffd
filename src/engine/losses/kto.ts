/** Kahneman–Tversky optimisation: single answers, each judged good or bad. */
import { relu } from '../graph';
import { sigmoidOp } from '../ops';
import { BETA, mean, type Loss } from './loss';

export const kto: Loss = {
  id: 'kto',
  title: 'Kahneman–Tversky optimisation',
  formula: 'mean of 1 − σ(s·β·(ℓ − ℓ of the reference − KL)),  s = ±1,  KL = max(0, mean over mismatched answers of ℓ − ℓ of the reference), without gradient',
  source: 'arXiv 2402.01306; TRL KTOTrainer 1.16',
  needs: { rows: 'unpaired', reference: true, averageLogps: false, learnPrompt: false },
  reduction: 'mean',
  parameters: { beta: BETA },
  build({ vectors: v, logps, reference, signs }, { beta }) {
    const g = v.tape.graph;
    const divergence = v.sub(logps.kl, reference.kl);
    // Relu outside the tape: the estimate shifts the loss and takes no gradient.
    const kl = relu(g, v.mean(divergence));
    const gain = v.sub(logps.response, reference.response);
    const centred = v.tape.apply(sigmoidOp, [v.mul(signs, v.affine(v.sub(gain, kl), beta))], null);
    return { loss: v.affine(v.mean(centred), -1, 1), figures: {} };
  },
  metrics(figures, { beta }) {
    const { rows, reference, signs } = figures;
    const rewards = rows.response.map((logp, i) => beta * (logp - reference.response[i]));
    const pick = (values: Float32Array, sign: number) => values.filter((_, i) => signs[i] === sign);
    const out: Record<string, number> = { kl: Math.max(0, mean(rows.kl.map((logp, i) => logp - reference.kl[i]))) };
    for (const [name, sign] of [['chosen', 1], ['rejected', -1]] as const) {
      if (!signs.includes(sign)) continue;
      out[`rewards/${name}`] = mean(pick(rewards, sign));
      out[`logps/${name}`] = mean(pick(rows.response, sign));
    }
    if (out['rewards/chosen'] !== undefined && out['rewards/rejected'] !== undefined) out['rewards/margins'] = out['rewards/chosen'] - out['rewards/rejected'];
    return out;
  },
};
