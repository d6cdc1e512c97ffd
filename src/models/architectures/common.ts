/** What the llama-like families share: module names, sizes and the defaults a family overrides. */
import { problemError } from '../../shared/problem';
import type { DecoderSpec, LayerSpec, LinearRef } from '../../shared/decoderSpec';
import type { ModelConfig } from '../source';
import { ConfigReader } from './architecture';
import { readRope } from './rope';

export const SEVEN_PROJECTIONS = ['q_proj', 'k_proj', 'v_proj', 'o_proj', 'gate_proj', 'up_proj', 'down_proj'];

export interface Sizes {
  hidden: number;
  intermediate: number;
  heads: number;
  kvHeads: number;
  headSize: number;
  layers: number;
  vocab: number;
}

export function readSizes(config: ModelConfig): Sizes {
  const read = new ConfigReader(config);
  const hidden = read.number('hidden_size');
  const heads = read.number('num_attention_heads');
  const kvHeads = read.number('num_key_value_heads', heads);
  if (heads % kvHeads !== 0)
    throw problemError('model/config', `config.json has ${heads} attention heads and ${kvHeads} key-value heads; the first must be a multiple of the second.`, {
      where: { file: 'config.json', field: 'num_key_value_heads' },
    });
  return {
    hidden, heads, kvHeads,
    headSize: read.number('head_dim', hidden / heads),
    intermediate: read.number('intermediate_size'),
    layers: read.number('num_hidden_layers'),
    vocab: read.number('vocab_size'),
  };
}

export interface Biases { qkv: boolean; output: boolean; mlp: boolean }

/** Separate projections under the names that llama introduced. */
export function separateProjections(layer: number, s: Sizes, bias: Biases): Pick<LayerSpec, 'attention' | 'mlp'> {
  const at = `model.layers.${layer}`;
  const linear = (module: string, inFeatures: number, outFeatures: number, hasBias: boolean): LinearRef => ({ module: `${at}.${module}`, inFeatures, outFeatures, hasBias });
  return {
    attention: {
      q: linear('self_attn.q_proj', s.hidden, s.heads * s.headSize, bias.qkv),
      k: linear('self_attn.k_proj', s.hidden, s.kvHeads * s.headSize, bias.qkv),
      v: linear('self_attn.v_proj', s.hidden, s.kvHeads * s.headSize, bias.qkv),
      output: linear('self_attn.o_proj', s.heads * s.headSize, s.hidden, bias.output),
    },
    mlp: {
      gate: linear('mlp.gate_proj', s.hidden, s.intermediate, bias.mlp),
      up: linear('mlp.up_proj', s.hidden, s.intermediate, bias.mlp),
      down: linear('mlp.down_proj', s.intermediate, s.hidden, bias.mlp),
    },
  };
}

/** Norms before attention and before the MLP, as llama has them. */
export function preNorms(layer: number): LayerSpec['norms'] {
  return { beforeAttention: `model.layers.${layer}.input_layernorm.weight`, beforeMlp: `model.layers.${layer}.post_attention_layernorm.weight` };
}

/** Gemma 2 and 3: norms before and after both blocks. */
export function sandwichNorms(layer: number): LayerSpec['norms'] {
  const at = `model.layers.${layer}`;
  return {
    beforeAttention: `${at}.input_layernorm.weight`,
    afterAttention: `${at}.post_attention_layernorm.weight`,
    beforeMlp: `${at}.pre_feedforward_layernorm.weight`,
    afterMlp: `${at}.post_feedforward_layernorm.weight`,
  };
}

export function queryKeyNorms(layer: number): Pick<LayerSpec['norms'], 'query' | 'key'> {
  return { query: `model.layers.${layer}.self_attn.q_norm.weight`, key: `model.layers.${layer}.self_attn.k_norm.weight` };
}

/** Per layer: does it see only a window? From `layer_types` where config.json has it, else from `otherwise`. */
export function slidingLayers(config: ModelConfig, count: number, otherwise: (layer: number) => boolean): boolean[] {
  const types = new ConfigReader(config).array('layer_types');
  return Array.from({ length: count }, (_, layer) => types ? types[layer] === 'sliding_attention' : otherwise(layer));
}

/** A llama decoder; families pass what differs. `perLayer` replaces parts of one layer. */
export function decoderSpec(
  family: string,
  config: ModelConfig,
  differs: Partial<Omit<DecoderSpec, 'family' | 'layers'>> & { perLayer?: (layer: number, sizes: Sizes) => Partial<LayerSpec>; biases?: Biases } = {},
): DecoderSpec {
  const read = new ConfigReader(config);
  const sizes = readSizes(config);
  const { perLayer, biases = { qkv: false, output: false, mlp: false }, ...fields } = differs;
  const isTied = read.boolean('tie_word_embeddings', false);
  return {
    family,
    vocabSize: sizes.vocab,
    hiddenSize: sizes.hidden,
    intermediateSize: sizes.intermediate,
    headCount: sizes.heads,
    kvHeadCount: sizes.kvHeads,
    headSize: sizes.headSize,
    maxPositions: read.number('max_position_embeddings', 2048),
    activation: readActivation(config),
    normEpsilon: read.number('rms_norm_eps', 1e-6),
    normWeightOffset: 0,
    fusedInto: {},
    queryKeyNorm: 'none',
    embeddingScale: 1,
    residualScale: 1,
    attentionScale: sizes.headSize ** -0.5,
    logitScale: 1,
    attentionSoftcap: null,
    logitSoftcap: null,
    ropes: fields.ropes ?? [readRope(config, sizes.headSize)],
    embedding: 'model.embed_tokens.weight',
    finalNorm: 'model.norm.weight',
    isTied,
    head: isTied ? 'model.embed_tokens.weight' : 'lm_head.weight',
    ...fields,
    ...(fields.isTied === undefined ? {} : { head: fields.isTied ? 'model.embed_tokens.weight' : 'lm_head.weight' }),
    layers: Array.from({ length: sizes.layers }, (_, layer) => ({
      ...separateProjections(layer, sizes, biases),
      norms: preNorms(layer),
      rope: 0,
      window: null,
      ...perLayer?.(layer, sizes),
    })),
  };
}

function readActivation(config: ModelConfig): DecoderSpec['activation'] {
  const read = new ConfigReader(config);
  const name = read.string('hidden_activation', read.string('hidden_act', 'silu'));
  if (name === 'silu' || name === 'swish') return 'silu';
  if (name === 'gelu_pytorch_tanh' || name === 'gelu_new') return 'gelu_tanh';
  throw problemError('model/activation', `config.json has the activation "${name}". Supported: silu, gelu_pytorch_tanh.`, { where: { file: 'config.json', field: 'hidden_act' } });
}
