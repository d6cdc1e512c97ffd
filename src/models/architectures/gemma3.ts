/** Gemma 3 (text): as Gemma 2 with qk-norm instead of soft caps; windowed layers turn at their own, shorter wavelength. */
import { ConfigReader, type Architecture } from './architecture';
import { decoderSpec, queryKeyNorms, readSizes, sandwichNorms, SEVEN_PROJECTIONS, slidingLayers } from './common';
import { readRope, ropeFrom } from './rope';

const FULL = 0;
const SLIDING = 1;

export const gemma3: Architecture = {
  modelTypes: ['gemma3_text'],
  defaultTargets: SEVEN_PROJECTIONS,
  spec(config) {
    const read = new ConfigReader(config);
    const { headSize, layers } = readSizes(config);
    const window = read.number('sliding_window', 4096);
    const pattern = read.number('sliding_window_pattern', read.number('_sliding_window_pattern', 6));
    const slides = slidingLayers(config, layers, layer => (layer + 1) % pattern !== 0);
    const local = read.object('rope_parameters')
      ? readRope(config, headSize, 'sliding_attention')
      : ropeFrom({ rope_theta: read.number('rope_local_base_freq', 10000) }, config, headSize);
    return decoderSpec('gemma3', config, {
      normWeightOffset: 1,
      queryKeyNorm: 'head',
      isTied: read.boolean('tie_word_embeddings', true),
      embeddingScale: Math.fround(Math.sqrt(read.number('hidden_size'))),
      attentionScale: read.number('query_pre_attn_scalar', 256) ** -0.5,
      attentionSoftcap: read.optionalNumber('attn_logit_softcapping'),
      logitSoftcap: read.optionalNumber('final_logit_softcapping'),
      ropes: [readRope(config, headSize, 'full_attention', 1e6), local],
      perLayer: layer => ({
        norms: { ...sandwichNorms(layer), ...queryKeyNorms(layer) },
        window: slides[layer] ? window : null,
        rope: slides[layer] ? SLIDING : FULL,
      }),
    });
  },
};
