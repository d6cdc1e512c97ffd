/** What happens to the finished adapter: hub upload and GGUF export. */
import { z } from 'zod';
import { fieldsOf } from './field';

const field = fieldsOf('publishing');

/** Merlina's nine types, and the plain and older block types that need no importance data. */
export const ggufQuantTypes = [
  'F32', 'F16', 'BF16', 'Q8_0', 'Q6_K', 'Q5_K_M', 'Q5_K_S', 'Q5_1', 'Q5_0', 'Q4_K_M', 'Q4_K_S', 'Q4_1', 'Q4_0', 'Q3_K_M', 'Q2_K',
] as const;

/** A Hugging Face user or organisation. */
export const namespacePattern = /^[a-zA-Z0-9][a-zA-Z0-9._-]*$/;

export const publishingShape = {
  push_to_hub: field(z.boolean().default(false),
    'Upload to the hub', 'Upload the result to Hugging Face at the end.', { regret: 'cost' }),
  merge_lora_before_upload: field(z.boolean().default(true),
    'Merge before upload', 'Upload the whole model with the adapter merged in, instead of the adapter alone.',
    { usedWhen: { key: 'push_to_hub', isOneOf: [true] } }),
  hf_hub_private: field(z.boolean().default(true),
    'Private repository', 'Only you see the uploaded repository.', { usedWhen: { key: 'push_to_hub', isOneOf: [true] } }),
  hf_namespace: field(z.string().regex(namespacePattern).nullable().default(null),
    'Hub namespace', 'User or organisation to upload to; null is the owner of the token.', { usedWhen: { key: 'push_to_hub', isOneOf: [true] } }),
  export_gguf: field(z.boolean().default(false),
    'Export GGUF', 'Write the merged model as GGUF at the end.', { regret: 'cost' }),
  gguf_quant_types: field(z.array(z.enum(ggufQuantTypes)).default(['Q4_K_M']),
    'GGUF types', 'One file is written for each type.', { usedWhen: { key: 'export_gguf', isOneOf: [true] } }),
};
