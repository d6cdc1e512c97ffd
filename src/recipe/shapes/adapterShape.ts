/** The LoRA adapter: which weights are trained, and how large the adapter is. */
import { z } from 'zod';
import { fieldsOf } from './field';

const field = fieldsOf('adapter');

const WITH_LORA = { key: 'use_lora', isOneOf: [true] };

/** Merlina's list and order. Architectures that fuse projections (phi3) name the fused ones instead. */
const sevenProjections = ['up_proj', 'down_proj', 'gate_proj', 'k_proj', 'q_proj', 'v_proj', 'o_proj'];

export const adapterShape = {
  use_lora: field(z.boolean().default(true),
    'Use LoRA', 'Train a small adapter; off trains all weights.', { regret: 'quality' }),
  lora_r: field(z.int().min(1).max(512).default(64),
    'LoRA rank', 'Rank of the adapter: higher learns more and costs more memory.',
    { regret: 'quality', usedWhen: WITH_LORA, hint: 'Ranks from 8 to 64 are usual; the LoRA paper finds small ones enough for narrow tasks (arXiv 2106.09685, table 6).' }),
  lora_alpha: field(z.number().min(1).max(1024).default(32),
    'LoRA alpha', 'Strength of the adapter; it is scaled by alpha / rank.',
    { regret: 'quality', usedWhen: WITH_LORA, hint: 'Once or twice the rank is usual; beyond four times, steps become too large.' }),
  lora_dropout: field(z.number().min(0).max(0.5).default(0.05),
    'LoRA dropout', 'Share of the adapter\'s inputs dropped at random while training.', { unit: 'fraction', usedWhen: WITH_LORA }),
  use_rslora: field(z.boolean().default(false),
    'Rank-stabilised LoRA', 'Scale by alpha / √rank instead (rsLoRA, arXiv 2312.03732), which keeps high ranks from learning too slowly.',
    { usedWhen: WITH_LORA }),
  target_modules: field(z.array(z.string().min(1)).default(sevenProjections),
    'Target modules', 'Names of the linear layers that get an adapter.',
    { regret: 'cost', usedWhen: WITH_LORA, hint: 'All linear layers learn better than attention alone at the same cost (QLoRA, arXiv 2305.14314, figure 2).' }),
  modules_to_save: field(z.array(z.string().min(1)).default([]),
    'Modules trained in full', 'Modules trained and saved whole beside the adapter, for example embed_tokens and lm_head.', { usedWhen: WITH_LORA }),
  init_adapter: field(z.string().min(1).nullable().default(null),
    'Start from adapter', 'Folder of a PEFT adapter to go on from; null starts a new one.', { usedWhen: WITH_LORA }),
  use_4bit: field(z.boolean().default(true),
    '4-bit base weights', 'Keep the frozen weights in 4 bits (NF4) to save memory.', { regret: 'cost' }),
};
