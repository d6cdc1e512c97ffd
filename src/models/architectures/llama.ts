/** Llama 1–3, SmolLM2, TinyLlama and everything that calls itself llama. */
import { ConfigReader, type Architecture } from './architecture';
import { decoderSpec, SEVEN_PROJECTIONS } from './common';

export const llama: Architecture = {
  modelTypes: ['llama'],
  defaultTargets: SEVEN_PROJECTIONS,
  spec(config) {
    const read = new ConfigReader(config);
    const attention = read.boolean('attention_bias', false);
    return decoderSpec('llama', config, { biases: { qkv: attention, output: attention, mlp: read.boolean('mlp_bias', false) } });
  },
};
