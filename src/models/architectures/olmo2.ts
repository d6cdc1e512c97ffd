/** OLMo 2: norms after each block instead of before, qk-norm over the whole projection. */
import { ConfigReader, type Architecture } from './architecture';
import { decoderSpec, queryKeyNorms, SEVEN_PROJECTIONS } from './common';

export const olmo2: Architecture = {
  modelTypes: ['olmo2'],
  defaultTargets: SEVEN_PROJECTIONS,
  spec(config) {
    const read = new ConfigReader(config);
    const bias = read.boolean('attention_bias', false);
    return decoderSpec('olmo2', config, {
      normEpsilon: read.number('rms_norm_eps', 1e-5),
      queryKeyNorm: 'projection',
      biases: { qkv: bias, output: bias, mlp: false },
      perLayer: layer => ({
        norms: {
          afterAttention: `model.layers.${layer}.post_attention_layernorm.weight`,
          afterMlp: `model.layers.${layer}.post_feedforward_layernorm.weight`,
          ...queryKeyNorms(layer),
        },
      }),
    });
  },
};
