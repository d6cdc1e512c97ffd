/** Random weights to begin from, as GPT-2 draws them: normal 0.02, smaller where a projection ends in the residual stream; norms 1. */
import type { TensorToWrite } from '../../src/models';
import { Random } from '../../src/shared/random';

/** The keys of config.json that shape the weights. */
export interface LlamaShape {
  vocab_size: number;
  hidden_size: number;
  intermediate_size: number;
  num_hidden_layers: number;
  num_attention_heads: number;
  num_key_value_heads: number;
  head_dim: number;
  initializer_range: number;
}

/** Tensors of a llama with tied embeddings, under their Hugging Face names. The same seed draws the same weights. */
export function initialWeights(config: LlamaShape, seed: number): TensorToWrite[] {
  const random = new Random(seed);
  const { hidden_size: hidden, intermediate_size: feedForward, num_hidden_layers: layers, head_dim: head } = config;
  const queries = config.num_attention_heads * head;
  const keys = config.num_key_value_heads * head;
  const normal = (name: string, shape: number[], deviation = config.initializer_range): TensorToWrite => ({
    name, shape, type: 'F32', data: Float32Array.from({ length: shape[0] * shape[1] }, () => deviation * random.normal()),
  });
  const ones = (name: string): TensorToWrite => ({ name, shape: [hidden], type: 'F32', data: new Float32Array(hidden).fill(1) });
  // Each layer adds twice to the residual stream; scaled so, its variance does not grow with depth (GPT-2, section 2.3).
  const residual = config.initializer_range / Math.sqrt(2 * layers);

  const tensors = [normal('model.embed_tokens.weight', [config.vocab_size, hidden]), ones('model.norm.weight')];
  for (let layer = 0; layer < layers; layer++) {
    const at = (name: string) => `model.layers.${layer}.${name}.weight`;
    tensors.push(
      ones(at('input_layernorm')),
      normal(at('self_attn.q_proj'), [queries, hidden]),
      normal(at('self_attn.k_proj'), [keys, hidden]),
      normal(at('self_attn.v_proj'), [keys, hidden]),
      normal(at('self_attn.o_proj'), [hidden, queries], residual),
      ones(at('post_attention_layernorm')),
      normal(at('mlp.gate_proj'), [feedForward, hidden]),
      normal(at('mlp.up_proj'), [feedForward, hidden]),
      normal(at('mlp.down_proj'), [hidden, feedForward], residual),
    );
  }
  return tensors;
}
