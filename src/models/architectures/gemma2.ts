/** Gemma 2: norms around both blocks, soft-capped scores and logits, every other layer sees a window. */
import { ConfigReader, type Architecture } from './architecture';
import { decoderSpec, sandwichNorms, SEVEN_PROJECTIONS, slidingLayers } from './common';

export const gemma2: Architecture = {
  modelTypes: ['gemma2'],
  defaultTargets: SEVEN_PROJECTIONS,
  spec(config) {
    const read = new ConfigReader(config);
    const window = read.number('sliding_window', 4096);
    const slides = slidingLayers(config, read.number('num_hidden_layers'), layer => layer % 2 === 0);
    return decoderSpec('gemma2', config, {
      normWeightOffset: 1,
      isTied: read.boolean('tie_word_embeddings', true),
      embeddingScale: Math.fround(Math.sqrt(read.number('hidden_size'))),
      attentionScale: read.number('query_pre_attn_scalar', 256) ** -0.5,
      attentionSoftcap: read.optionalNumber('attn_logit_softcapping'),
      logitSoftcap: read.optionalNumber('final_logit_softcapping'),
      perLayer: layer => ({ norms: sandwichNorms(layer), window: slides[layer] ? window : null }),
    });
  },
};
