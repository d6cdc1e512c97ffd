/** The parameters of the losses. */
import { z } from 'zod';
import { fieldsOf } from './field';

const field = fieldsOf('method');

export const methodShape = {
  beta: field(z.number().min(0).max(100).default(0.1),
    'Beta', 'Weight of the preference term (orpo, cpo), or how far the model may move from its reference (dpo, ipo, kto; scale in simpo).'),
  label_smoothing: field(z.number().min(0).max(0.5).default(0),
    'Label smoothing', 'Share of pairs taken to be labelled the wrong way round (dpo, cpo).', 'fraction'),
  gamma: field(z.number().min(0).max(10).default(0.5),
    'Gamma', 'SimPO: the margin by which the chosen answer must win, as in −log σ(β·Δ − γ) (arXiv 2405.14734, equation 6).'),
  cpo_alpha: field(z.number().min(0).max(100).nullable().default(null),
    'CPO alpha', 'Weight of the likelihood term beside the preference term; null is 1 for cpo and 0 for simpo.'),
  train_on_prompt: field(z.boolean().nullable().default(null),
    'Learn the prompt too', 'Whether the likelihood term covers the prompt; null is yes for orpo and no for sft.'),
};
