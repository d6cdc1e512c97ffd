/** SmolLM3: llama with layers that have no rotary positions. */
import { ConfigReader, type Architecture } from './architecture';
import { decoderSpec, SEVEN_PROJECTIONS } from './common';
import { upperWindows } from './qwen2';

export const smollm3: Architecture = {
  modelTypes: ['smollm3'],
  defaultTargets: SEVEN_PROJECTIONS,
  spec(config) {
    const read = new ConfigReader(config);
    const bias = read.boolean('attention_bias', false);
    const listed = read.array('no_rope_layers'); // 1 = the layer has rope, despite the name
    const interval = read.number('no_rope_layer_interval', 4);
    const windows = upperWindows(config);
    return decoderSpec('smollm3', config, {
      isTied: read.boolean('tie_word_embeddings', true),
      biases: { qkv: bias, output: bias, mlp: read.boolean('mlp_bias', false) },
      perLayer: layer => ({
        rope: (listed ? Number(listed[layer]) === 1 : (layer + 1) % interval !== 0) ? 0 : null,
        window: windows[layer],
      }),
    });
  },
};
