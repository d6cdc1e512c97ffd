/** What each GGUF architecture is called in Hugging Face's terms: model_type, tensor names, and which tensors llama.cpp's converter changes.
 *  Source: llama.cpp convert_hf_to_gguf.py (conversion/*.py) and gguf-py tensor_mapping.py 0.19. */

export interface GgufArchitecture {
  readonly modelType: string;
  /** transformers' class, for config.json's `architectures`. */
  readonly className: string;
  /** Part of a layer's tensor name → Hugging Face's. */
  readonly layer: Readonly<Record<string, string>>;
  /** True where q and k rows are interleaved for llama's rope (LlamaModel and its subclasses in the converter). */
  readonly permutesQueryKey: boolean;
  /** Added to every norm on conversion (Gemma: 1). */
  readonly normShift: 0 | 1;
}

const separate = {
  attn_q: 'self_attn.q_proj', attn_k: 'self_attn.k_proj', attn_v: 'self_attn.v_proj', attn_output: 'self_attn.o_proj',
  ffn_gate: 'mlp.gate_proj', ffn_up: 'mlp.up_proj', ffn_down: 'mlp.down_proj',
};
const preNorms = { attn_norm: 'input_layernorm', ffn_norm: 'post_attention_layernorm' };
const queryKeyNorms = { attn_q_norm: 'self_attn.q_norm', attn_k_norm: 'self_attn.k_norm' };
const sandwichNorms = {
  attn_norm: 'input_layernorm', post_attention_norm: 'post_attention_layernorm',
  ffn_norm: 'pre_feedforward_layernorm', post_ffw_norm: 'post_feedforward_layernorm',
};
const llama = { ...separate, ...preNorms };
const plain = { permutesQueryKey: false, normShift: 0 } as const;
const permuted = { permutesQueryKey: true, normShift: 0 } as const;
const shifted = { permutesQueryKey: false, normShift: 1 } as const;

/** By `general.architecture`. Mistral's files say "llama". */
export const ggufArchitectures: Readonly<Record<string, GgufArchitecture>> = {
  gemma2: { modelType: 'gemma2', className: 'Gemma2ForCausalLM', layer: { ...separate, ...sandwichNorms }, ...shifted },
  gemma3: { modelType: 'gemma3_text', className: 'Gemma3ForCausalLM', layer: { ...separate, ...sandwichNorms, ...queryKeyNorms }, ...shifted },
  granite: { modelType: 'granite', className: 'GraniteForCausalLM', layer: llama, ...permuted },
  llama: { modelType: 'llama', className: 'LlamaForCausalLM', layer: llama, ...permuted },
  olmo2: {
    modelType: 'olmo2', className: 'Olmo2ForCausalLM', ...plain,
    layer: { ...separate, ...queryKeyNorms, post_attention_norm: 'post_attention_layernorm', post_ffw_norm: 'post_feedforward_layernorm' },
  },
  phi3: {
    modelType: 'phi3', className: 'Phi3ForCausalLM', ...plain,
    layer: { attn_qkv: 'self_attn.qkv_proj', attn_output: 'self_attn.o_proj', ffn_up: 'mlp.gate_up_proj', ffn_down: 'mlp.down_proj', ...preNorms },
  },
  qwen2: { modelType: 'qwen2', className: 'Qwen2ForCausalLM', layer: llama, ...plain },
  qwen3: { modelType: 'qwen3', className: 'Qwen3ForCausalLM', layer: { ...llama, ...queryKeyNorms }, ...plain },
  smollm3: { modelType: 'smollm3', className: 'SmolLM3ForCausalLM', layer: llama, ...permuted },
};

/** Rope tables that the config carries instead, and leftovers that nothing reads. */
export const auxiliaryTensors = /^(rope_freqs|rope_factors_long|rope_factors_short)\.weight$|^blk\.\d+\.(attn_rot_embd|rope_freqs)(\.weight)?$/;

/** "blk.3.attn_q.weight" → "model.layers.3.self_attn.q_proj.weight"; undefined for a tensor the architecture does not have. */
export function huggingFaceName(architecture: GgufArchitecture, name: string): string | undefined {
  if (name === 'token_embd.weight') return 'model.embed_tokens.weight';
  if (name === 'output_norm.weight') return 'model.norm.weight';
  if (name === 'output.weight') return 'lm_head.weight';
  const match = /^blk\.(\d+)\.(\w+)\.(weight|bias)$/.exec(name);
  const part = match && Object.hasOwn(architecture.layer, match[2]!) ? architecture.layer[match[2]!] : undefined;
  return part === undefined ? undefined : `model.layers.${match![1]}.${part}.${match![3]}`;
}
