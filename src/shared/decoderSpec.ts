/** What a decoder is, as features: made from config.json by models/architectures, read by engine, preflight, inference and export. */

/** A linear module as the checkpoint stores it ([out, in]), or a range of its output rows where projections are fused. */
export interface LinearRef {
  /** Module path without ".weight": "model.layers.0.self_attn.q_proj". LoRA attaches to modules, never to ranges of one. */
  readonly module: string;
  readonly inFeatures: number;
  /** Output features of the whole module. */
  readonly outFeatures: number;
  readonly hasBias: boolean;
  /** Half-open range of output features that is meant; the whole module where absent. */
  readonly range?: readonly [number, number];
}

/** Tensor names and shape of one layer. A norm that is absent is not applied. */
export interface LayerSpec {
  readonly attention: { readonly q: LinearRef; readonly k: LinearRef; readonly v: LinearRef; readonly output: LinearRef };
  readonly mlp: { readonly gate: LinearRef; readonly up: LinearRef; readonly down: LinearRef };
  readonly norms: {
    readonly beforeAttention?: string;
    /** Applied to the block's output before it is added to the residual. */
    readonly afterAttention?: string;
    readonly beforeMlp?: string;
    readonly afterMlp?: string;
    readonly query?: string;
    readonly key?: string;
  };
  /** Index into DecoderSpec.ropes; null for a layer without rotary positions. */
  readonly rope: number | null;
  /** A query sees keys less than this many positions back; null sees all. */
  readonly window: number | null;
}

/** Rotary embedding: angle of pair i at position p is p · inverseFrequencies[i]; halves are rotated, not neighbours. */
export interface RopeSpec {
  readonly inverseFrequencies: readonly number[];
  /** Multiplies cos and sin (YaRN, LongRoPE); 1 otherwise. */
  readonly attentionScaling: number;
}

export interface DecoderSpec {
  /** The architecture file it came from: "llama", "gemma2". For messages; nothing branches on it. */
  readonly family: string;
  readonly vocabSize: number;
  readonly hiddenSize: number;
  readonly intermediateSize: number;
  readonly headCount: number;
  readonly kvHeadCount: number;
  readonly headSize: number;
  readonly maxPositions: number;
  readonly activation: 'silu' | 'gelu_tanh';
  readonly normEpsilon: number;
  /** Added to every norm weight (Gemma stores w − 1). */
  readonly normWeightOffset: 0 | 1;
  /** qk-norm over each head, over the whole projection, or none. */
  readonly queryKeyNorm: 'none' | 'head' | 'projection';
  readonly embeddingScale: number;
  /** Multiplies each block's output before it is added to the residual. */
  readonly residualScale: number;
  /** Multiplies q·k. */
  readonly attentionScale: number;
  /** Multiplies the logits. */
  readonly logitScale: number;
  /** Scores become cap·tanh(score / cap) before masking; null for none. */
  readonly attentionSoftcap: number | null;
  readonly logitSoftcap: number | null;
  readonly ropes: readonly RopeSpec[];
  readonly layers: readonly LayerSpec[];
  readonly embedding: string;
  readonly finalNorm: string;
  /** Equal to `embedding` where the head is tied. */
  readonly head: string;
  readonly isTied: boolean;
  /** Usual names of projections that lie inside a fused module: q_proj → qkv_proj. */
  readonly fusedInto: Readonly<Record<string, string>>;
}

/** Target modules as the model has them: a projection that is stored fused becomes the fused module, named once. */
export function targetsIn({ fusedInto }: DecoderSpec, names: readonly string[]): string[] {
  return [...new Set(names.map(name => fusedInto[name] ?? name))];
}

/** All linear modules of the layers, each once, in forward order; the names LoRA can attach to. */
export function linearModules(spec: DecoderSpec): LinearRef[] {
  const byModule = new Map<string, LinearRef>();
  for (const { attention, mlp } of spec.layers)
    for (const ref of [attention.q, attention.k, attention.v, attention.output, mlp.gate, mlp.up, mlp.down])
      if (!byModule.has(ref.module)) byModule.set(ref.module, ref);
  return [...byModule.values()];
}
