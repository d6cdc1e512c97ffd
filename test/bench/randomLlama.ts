/** A Llama of random weights as a Hugging Face folder: what a large model costs does not depend on what it knows. */
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { streamSafetensors } from '../../src/models';
import { Random } from '../../src/shared/random';

export interface LlamaSizes {
  hidden: number;
  layers: number;
  heads: number;
  kvHeads: number;
  intermediate: number;
  vocabulary: number;
}

/** Those of Llama 3.2 1B: 1.24 billion weights, 2.5 GB in bfloat16. */
export const ONE_BILLION: Readonly<LlamaSizes> = { hidden: 2048, layers: 16, heads: 32, kvHeads: 8, intermediate: 8192, vocabulary: 128_256 };

/** Standard deviation of new weights, as transformers' initializer_range. */
const DEVIATION = 0.02;
/** 4 MB in float32. */
const PIECE_VALUES = 2 ** 20;

/** bfloat16, tied embeddings, tokenizer and template of `tokenizer`, a model's folder. A folder that is there with these sizes is left as it is. */
export async function writeRandomLlama(folder: string, sizes: LlamaSizes, tokenizer: string): Promise<void> {
  const config = JSON.stringify(configOf(sizes, tokenizer), null, 2);
  const configFile = path.join(folder, 'config.json');
  if (existsSync(configFile)) {
    if (readFileSync(configFile, 'utf8') !== config) throw new Error(`${folder} holds a model of other sizes: remove it, or name another folder.`);
    return;
  }
  mkdirSync(folder, { recursive: true });
  for (const name of readdirSync(tokenizer)) {
    if (/^(tokenizer|chat_template|special_tokens_map|generation_config)/.test(name)) copyFileSync(path.join(tokenizer, name), path.join(folder, name));
  }
  const shapes = new Map(weightShapes(sizes));
  const seeds = new Map([...shapes.keys()].map((name, i) => [name, i]));
  await streamSafetensors(
    path.join(folder, 'model.safetensors'), [...shapes].map(([name, shape]) => ({ name, shape, type: 'BF16' })),
    name => values(shapes.get(name)!, Random.of(0, seeds.get(name)!)), { format: 'pt' },
  );
  // Last, so that a folder with it is whole.
  writeFileSync(configFile, config);
}

/** Tensors as transformers names them, [out, in]. */
export function weightShapes({ hidden, layers, heads, kvHeads, intermediate, vocabulary }: LlamaSizes): [string, number[]][] {
  const kv = (hidden / heads) * kvHeads;
  const layer = (i: number): [string, number[]][] => ([
    ['self_attn.q_proj', [hidden, hidden]], ['self_attn.k_proj', [kv, hidden]], ['self_attn.v_proj', [kv, hidden]], ['self_attn.o_proj', [hidden, hidden]],
    ['mlp.gate_proj', [intermediate, hidden]], ['mlp.up_proj', [intermediate, hidden]], ['mlp.down_proj', [hidden, intermediate]],
    ['input_layernorm', [hidden]], ['post_attention_layernorm', [hidden]],
  ] satisfies [string, number[]][]).map(([name, shape]) => [`model.layers.${i}.${name}.weight`, shape]);
  return [['model.embed_tokens.weight', [vocabulary, hidden]], ...Array.from({ length: layers }, (_, i) => layer(i)).flat(), ['model.norm.weight', [hidden]]];
}

/** Norms are 1. Matrices are uniform, which is quicker to draw than normal, with the same deviation. */
function* values(shape: readonly number[], random: Random): Generator<Float32Array> {
  const total = shape.reduce((product, size) => product * size, 1);
  const width = 2 * Math.sqrt(3) * DEVIATION;
  for (let at = 0; at < total; at += PIECE_VALUES) {
    const piece = new Float32Array(Math.min(PIECE_VALUES, total - at));
    for (let i = 0; i < piece.length; i++) piece[i] = shape.length === 1 ? 1 : (random.uniform() - 0.5) * width;
    yield piece;
  }
}

function configOf({ hidden, layers, heads, kvHeads, intermediate, vocabulary }: LlamaSizes, tokenizer: string): Record<string, unknown> {
  const { bos_token_id, eos_token_id, pad_token_id } = JSON.parse(readFileSync(path.join(tokenizer, 'config.json'), 'utf8')) as Record<string, unknown>;
  return {
    architectures: ['LlamaForCausalLM'], model_type: 'llama', attention_bias: false, mlp_bias: false, hidden_act: 'silu', dtype: 'bfloat16',
    hidden_size: hidden, num_hidden_layers: layers, num_attention_heads: heads, num_key_value_heads: kvHeads, head_dim: hidden / heads,
    intermediate_size: intermediate, vocab_size: vocabulary, max_position_embeddings: 8192, rms_norm_eps: 1e-5, initializer_range: DEVIATION,
    rope_parameters: { rope_theta: 500_000, rope_type: 'default' }, tie_word_embeddings: true, bos_token_id, eos_token_id, pad_token_id,
  };
}
