/** The parameters of the losses. */
import { z } from 'zod';
import { fieldsOf } from './field';

const field = fieldsOf('method');

export const methodShape = {
  beta: field(z.number().min(0).max(100).default(0.1),
    'Beta', 'Weight of the preference term (orpo, cpo), or how far the model may move from its reference (dpo, ipo, kto; scale in simpo).',
    { regret: 'quality', usedWhen: { key: 'training_mode', isOneOf: ['orpo', 'dpo', 'simpo', 'cpo', 'ipo', 'kto'] }, hint: 'orpo: 0.1 (arXiv 2403.07691). dpo, kto, cpo: 0.1. simpo: 2 to 2.5 (arXiv 2405.14734). ipo: the margin is 1 / (2·beta), so about 0.01 (arXiv 2310.12036).' }),
  label_smoothing: field(z.number().min(0).max(0.5).default(0),
    'Label smoothing', 'Share of pairs taken to be labelled the wrong way round (dpo, cpo).',
    { unit: 'fraction', usedWhen: { key: 'training_mode', isOneOf: ['dpo', 'cpo'] }, hint: 'The share of labels believed wrong; 0 where they can be trusted.' }),
  gamma: field(z.number().min(0).max(10).default(0.5),
    'Gamma', 'SimPO: the margin by which the chosen answer must win, as in −log σ(β·Δ − γ) (arXiv 2405.14734, equation 6).',
    { regret: 'quality', usedWhen: { key: 'training_mode', isOneOf: ['simpo'] }, hint: 'The paper searches from 0.3 to 1.6, with beta 2 to 2.5 (arXiv 2405.14734, appendix B).' }),
  cpo_alpha: field(z.number().min(0).max(100).nullable().default(null),
    'CPO alpha', 'Weight of the likelihood term beside the preference term; null is 1 for cpo and 0 for simpo.',
    { usedWhen: { key: 'training_mode', isOneOf: ['cpo', 'simpo'] }, hint: 'The CPO paper uses 1 (arXiv 2401.08417).' }),
  train_on_prompt: field(z.boolean().nullable().default(null),
    'Learn the prompt too', 'Whether the likelihood term covers the prompt; null is yes for orpo and no for sft.',
    { usedWhen: { key: 'training_mode', isOneOf: ['orpo', 'sft'] } }),
  train_on_turns: field(z.enum(['all', 'last']).default('all'),
    'Learn which answers', 'Of a conversation with several answers: every one, or only the last. Rows of plain text and of one answer are not touched by it.',
    { usedWhen: { key: 'training_mode', isOneOf: ['sft'] } }),
};
