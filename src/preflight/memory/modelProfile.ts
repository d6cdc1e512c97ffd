/** The sizes of a model that Merlina's memory formula reads: from config.json, else guessed from the name. */
import type { ModelConfig } from '../../models';

export interface ModelProfile {
  /** All parameters; by the sizes below unless the weights' files say it exactly. */
  readonly params: number;
  readonly hiddenSize: number;
  readonly layerCount: number;
  readonly headCount: number;
  readonly kvHeadCount: number;
  readonly headSize: number;
  readonly intermediateSize: number;
  readonly vocabSize: number;
  readonly isTied: boolean;
  /** high: config and exact parameters; medium: config; low: guessed from the name. */
  readonly confidence: 'high' | 'medium' | 'low';
  readonly experts: Experts | undefined;
}

/** A mixture of experts: every layer (or every `1/share`) holds `count` MLPs, of which a token passes `perToken`. */
export interface Experts {
  readonly count: number;
  readonly perToken: number;
  readonly intermediateSize: number;
  /** Width of the MLP that every token passes besides; 0 for none. */
  readonly sharedIntermediateSize: number;
}

export interface ProfileOptions {
  /** Parameters as the weights' files have them. */
  readonly exactParams?: number;
  /** Whether embedding and head are one matrix where config.json does not say; false is Merlina's reading. */
  readonly isTiedByDefault?: boolean;
  /** Count the experts' weights; off is Merlina's reading, which takes every MLP for a dense one. */
  readonly countsExperts?: boolean;
}

/** Undefined where config.json does not state the sizes.  Source: Merlina src/vram_estimator.py, _profile_from_config_dict. */
export function profileOfConfig(config: ModelConfig, { exactParams, isTiedByDefault = false, countsExperts = false }: ProfileOptions = {}): ModelProfile | undefined {
  const text = textConfig(config);
  const hiddenSize = numberAt(text, 'hidden_size');
  const layerCount = numberAt(text, 'num_hidden_layers', 'num_layers');
  const intermediateSize = numberAt(text, 'intermediate_size');
  const vocabSize = numberAt(text, 'vocab_size');
  if (hiddenSize === undefined || layerCount === undefined || intermediateSize === undefined || vocabSize === undefined) return undefined;
  const headCount = numberAt(text, 'num_attention_heads') ?? 32;
  const tied = config.tie_word_embeddings ?? text.tie_word_embeddings ?? isTiedByDefault;
  const sizes = {
    hiddenSize, layerCount, intermediateSize, vocabSize, headCount,
    kvHeadCount: numberAt(text, 'num_key_value_heads') ?? headCount,
    headSize: numberAt(text, 'head_dim') ?? Math.floor(hiddenSize / headCount),
    isTied: Boolean(tied),
    experts: countsExperts ? expertsOf(text, intermediateSize) : undefined,
  };
  return { ...sizes, params: exactParams ?? countParams(sizes), confidence: exactParams === undefined ? 'medium' : 'high' };
}

/** Parameters of a decoder with gated MLPs and two norms a layer. */
export function countParams({ hiddenSize: h, layerCount, intermediateSize, vocabSize, headCount, kvHeadCount, headSize, isTied, experts }: Omit<ModelProfile, 'params' | 'confidence'>): number {
  const embedding = vocabSize * h;
  const query = headCount * headSize;
  const attention = h * query + 2 * h * kvHeadCount * headSize + query * h;
  const mlp = experts ? 3 * h * (experts.count * experts.intermediateSize + experts.sharedIntermediateSize) + h * experts.count : 3 * h * intermediateSize;
  return embedding + (isTied ? 0 : embedding) + layerCount * (attention + mlp + 2 * h) + h;
}

/** Billions of parameters by the name: "8x7b", "7B", "7 billion", "7-b", "7_b". */
export function billionsOfName(name: string): number | undefined {
  const lower = name.toLowerCase();
  const product = /(\d+(?:\.\d+)?)x(\d+(?:\.\d+)?)b/.exec(lower);
  if (product) return Number(product[1]) * Number(product[2]);
  const found = [/(\d+(?:\.\d+)?)\s*b(?:illion)?(?:\b|$)/, /(\d+(?:\.\d+)?)-b(?:\b|$)/, /(\d+(?:\.\d+)?)_b(?:\b|$)/].map(pattern => pattern.exec(lower)).find(match => match !== null);
  return found ? Number(found[1]) : undefined;
}

/** Sizes that are usual for so many billions: [billions, hidden, layers, heads, key-value heads, intermediate, vocabulary]. */
const USUAL: readonly (readonly number[])[] = [
  [0.5, 896, 24, 14, 2, 4864, 151_936],
  [1, 2048, 16, 32, 8, 8192, 128_256],
  [3, 3072, 28, 24, 8, 8192, 128_256],
  [7, 4096, 32, 32, 8, 14336, 32_768],
  [8, 4096, 32, 32, 8, 14336, 128_256],
  [12, 5120, 40, 32, 8, 14336, 131_072],
  [14, 5120, 48, 40, 8, 13824, 152_064],
  [24, 5120, 40, 32, 8, 32768, 131_072],
  [32, 5120, 64, 40, 8, 27648, 152_064],
  [70, 8192, 80, 64, 8, 28672, 128_256],
];

/** Undefined where the name states no size. */
export function profileOfName(name: string): ModelProfile | undefined {
  const billions = billionsOfName(name);
  if (billions === undefined) return undefined;
  const nearest = USUAL.reduce((best, one) => Math.abs(one[0]! - billions) < Math.abs(best[0]! - billions) ? one : best);
  const [, hiddenSize, layerCount, headCount, kvHeadCount, intermediateSize, vocabSize] = nearest as [number, number, number, number, number, number, number];
  return {
    params: billions * 1e9, hiddenSize, layerCount, headCount, kvHeadCount, headSize: Math.floor(hiddenSize / headCount), intermediateSize, vocabSize,
    isTied: false, confidence: 'low', experts: undefined,
  };
}

/** The decoder's part of the config of a model that sees pictures too. */
function textConfig(config: ModelConfig): ModelConfig {
  for (const key of ['text_config', 'llm_config', 'language_config']) {
    const part = config[key];
    if (typeof part === 'object' && part !== null && 'hidden_size' in part) return part as ModelConfig;
  }
  return config;
}

/** Keys of Mixtral, Qwen-MoE and DeepSeek. */
function expertsOf(config: ModelConfig, intermediateSize: number): Experts | undefined {
  const count = numberAt(config, 'num_local_experts', 'num_experts', 'n_routed_experts');
  if (count === undefined || count < 2) return undefined;
  const ownSize = numberAt(config, 'moe_intermediate_size') ?? intermediateSize;
  return {
    count,
    perToken: numberAt(config, 'num_experts_per_tok') ?? 2,
    intermediateSize: ownSize,
    sharedIntermediateSize: numberAt(config, 'shared_expert_intermediate_size') ?? (numberAt(config, 'n_shared_experts') ?? 0) * ownSize,
  };
}

/** The first of the keys that holds a number other than 0. */
function numberAt(config: ModelConfig, ...keys: string[]): number | undefined {
  for (const key of keys) {
    const value = config[key];
    if (typeof value === 'number' && Number.isFinite(value) && value !== 0) return value;
  }
  return undefined;
}
