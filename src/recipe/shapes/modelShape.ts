/** What is trained and how the result is called. */
import { z } from 'zod';
import { fieldsOf } from './field';

const field = fieldsOf('model');
const methodField = fieldsOf('method');

/** Names a folder, so no separators, and neither "." nor ".." alone (Merlina's own rule lets those two through). */
export const outputNamePattern = /^(?!\.{1,2}$)[a-zA-Z0-9._-]+$/;

export const trainingModes = ['sft', 'orpo', 'dpo', 'simpo', 'cpo', 'ipo', 'kto'] as const;

export const modelShape = {
  base_model: field(z.string().min(1).default('meta-llama/Meta-Llama-3-8B-Instruct'),
    'Base model', 'The model to tune: a Hugging Face id, a folder, or a GGUF file.', { regret: 'run' }),
  output_name: field(z.string().regex(outputNamePattern),
    'Name', 'Name of the result and of its folder: letters, digits, ".", "_" and "-".', { regret: 'cost' }),
  training_mode: methodField(z.enum(trainingModes).default('orpo'),
    'Method', 'How the model learns: from answers alone (sft), from pairs of answers (orpo, dpo, simpo, cpo, ipo), or from single judged answers (kto).',
    { regret: 'run' }),
};
