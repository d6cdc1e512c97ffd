/** Granite 3: llama with multipliers on embeddings, attention, residuals and logits. */
import { ConfigReader, type Architecture } from './architecture';
import { decoderSpec, SEVEN_PROJECTIONS } from './common';

export const granite: Architecture = {
  modelTypes: ['granite'],
  defaultTargets: SEVEN_PROJECTIONS,
  spec(config) {
    const read = new ConfigReader(config);
    const attention = read.boolean('attention_bias', false);
    return decoderSpec('granite', config, {
      biases: { qkv: attention, output: attention, mlp: read.boolean('mlp_bias', false) },
      embeddingScale: read.number('embedding_multiplier', 1),
      residualScale: read.number('residual_multiplier', 1),
      attentionScale: read.number('attention_multiplier', 1),
      logitScale: 1 / read.number('logits_scaling', 1),
    });
  },
};
