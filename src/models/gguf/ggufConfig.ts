/** config.json as it would be, made from a GGUF's metadata. Keys and defaults as transformers' GGUF integration and llama.cpp's loader have them. */
import { problemError } from '../../shared/problem';
import type { ModelConfig } from '../source';
import { ggufArchitectures } from './ggufArchitectures';
import type { GgufArchitecture } from './ggufArchitectures';
import { ggufRope } from './ggufRope';
import type { GgufMetadata } from './metadata';

/** Layers of the 27B models, which scale attention by hidden size over heads instead of by head size. Source: llama.cpp llama-model.cpp. */
const gemma2LargeLayers = 46, gemma3LargeLayers = 62;

export function ggufArchitecture(metadata: GgufMetadata): { id: string; architecture: GgufArchitecture } {
  const id = metadata.text('general.architecture');
  const architecture = id !== undefined && Object.hasOwn(ggufArchitectures, id) ? ggufArchitectures[id] : undefined;
  if (id === undefined || !architecture)
    throw problemError('models/unknown-gguf-architecture', `its architecture is ${id === undefined ? 'not stated' : `"${id}"`}. Supported in GGUF files: ${Object.keys(ggufArchitectures).sort().join(', ')}.`,
      { where: { file: metadata.gguf.file, field: 'general.architecture' }, fix: { text: 'Use the original safetensors, or a model of a supported architecture.' } });
  return { id, architecture };
}

export function ggufConfig(metadata: GgufMetadata): ModelConfig {
  const { id, architecture } = ggufArchitecture(metadata);
  const key = (suffix: string): string => `${id}.${suffix}`;
  const shapes = new Map(metadata.gguf.tensors.map(({ name, shape }) => [name, shape]));
  const hidden = metadata.number(key('embedding_length')), heads = metadata.number(key('attention.head_count'));
  const headSize = metadata.number(key('attention.key_length'), hidden / heads);
  const theta = metadata.number(key('rope.freq_base'), 10000), maxPositions = metadata.number(key('context_length'));
  const layers = metadata.number(key('block_count'));
  const rotated = metadata.optionalNumber(key('rope.dimension_count'));
  return {
    architectures: [architecture.className],
    model_type: architecture.modelType,
    hidden_size: hidden,
    intermediate_size: metadata.number(key('feed_forward_length')),
    num_hidden_layers: layers,
    num_attention_heads: heads,
    num_key_value_heads: metadata.number(key('attention.head_count_kv'), heads),
    head_dim: headSize,
    ...(rotated === undefined || rotated === headSize ? {} : { partial_rotary_factor: rotated / headSize }),
    max_position_embeddings: maxPositions,
    rms_norm_eps: metadata.number(key('attention.layer_norm_rms_epsilon')),
    rope_theta: theta,
    ...ggufRope(metadata, key, { theta, headSize, maxPositions }),
    vocab_size: shapes.get('token_embd.weight')?.[0] ?? metadata.number(key('vocab_size')),
    tie_word_embeddings: !shapes.has('output.weight'),
    attention_bias: shapes.has('blk.0.attn_q.bias'),
    mlp_bias: shapes.has('blk.0.ffn_up.bias'),
    ...(architecture.normShift === 1 ? { hidden_activation: 'gelu_pytorch_tanh', hidden_act: 'gelu_pytorch_tanh' } : { hidden_act: 'silu' }),
    ...tokenIds(metadata),
    ...familyKeys(architecture.modelType, metadata, key, { hidden, heads, headSize, layers }),
  };
}

interface Sizes { hidden: number; heads: number; headSize: number; layers: number }

function familyKeys(modelType: string, metadata: GgufMetadata, key: (suffix: string) => string, { hidden, heads, headSize, layers }: Sizes): Record<string, unknown> {
  const window = metadata.optionalNumber(key('attention.sliding_window'));
  const sliding = window === undefined || window === 0 ? {} : { sliding_window: window };
  switch (modelType) {
    case 'granite': return {
      embedding_multiplier: metadata.number(key('embedding_scale'), 1), residual_multiplier: metadata.number(key('residual_scale'), 1),
      attention_multiplier: metadata.number(key('attention.scale'), headSize ** -0.5), logits_scaling: metadata.number(key('logit_scale'), 1),
    };
    case 'gemma2': return {
      ...sliding, query_pre_attn_scalar: layers === gemma2LargeLayers ? hidden / heads : headSize,
      attn_logit_softcapping: metadata.number(key('attn_logit_softcapping'), 50), final_logit_softcapping: metadata.number(key('final_logit_softcapping'), 30),
    };
    case 'gemma3_text': return {
      ...sliding, query_pre_attn_scalar: layers === gemma3LargeLayers ? hidden / heads : headSize,
      sliding_window_pattern: 6, rope_local_base_freq: metadata.number(key('rope.freq_base_swa'), 10000),
    };
    case 'smollm3': return { no_rope_layer_interval: 4 };
    case 'phi3': return sliding;
    default: return {};
  }
}

function tokenIds(metadata: GgufMetadata): Record<string, number> {
  const ids = { bos_token_id: 'bos', eos_token_id: 'eos', pad_token_id: 'padding' };
  return Object.fromEntries(Object.entries(ids).flatMap(([name, key]) => {
    const id = metadata.optionalNumber(`tokenizer.ggml.${key}_token_id`);
    return id === undefined ? [] : [[name, id]];
  }));
}
