/** Qwen3: qk-norm over each head, no biases by default. */
import { ConfigReader, type Architecture } from './architecture';
import { decoderSpec, preNorms, queryKeyNorms, SEVEN_PROJECTIONS } from './common';
import { upperWindows } from './qwen2';

export const qwen3: Architecture = {
  modelTypes: ['qwen3'],
  defaultTargets: SEVEN_PROJECTIONS,
  spec(config) {
    const bias = new ConfigReader(config).boolean('attention_bias', false);
    const windows = upperWindows(config);
    return decoderSpec('qwen3', config, {
      queryKeyNorm: 'head',
      biases: { qkv: bias, output: bias, mlp: false },
      perLayer: layer => ({ norms: { ...preNorms(layer), ...queryKeyNorms(layer) }, window: windows[layer] }),
    });
  },
};
