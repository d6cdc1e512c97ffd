import assert from 'node:assert/strict';
import { readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gguf as huggingFaceReader } from '@huggingface/gguf';
import fc from 'fast-check';
import { readArchitecture } from '../../src/models/architectures';
import { readTensor } from '../../src/models/decode';
import { openGguf, readGguf } from '../../src/models/gguf';
import { ggufArchitectures } from '../../src/models/gguf/ggufArchitectures';
import { openFolder } from '../../src/models/openFolder';
import { ProblemError, renderProblem } from '../../src/shared/problem';
import { ggufBytes, writeGguf } from './ggufBuilder';
import type { MetadataInput, TensorInput } from './ggufBuilder';
import { modelFolder, problemOf, reference, temporaryFolder } from './support';

describe('GGUF', () => {
  const folder = temporaryFolder();
  const file = (name: string): string => join(folder, name);

  for (const type of ['f32', 'f16', 'q8_0', 'q4_1'])
    it(`reads the ${type} file's header as @huggingface/gguf does`, async () => {
      const path = join(reference, `gguf/llama-${type}.gguf`), ours = readGguf(path);
      const theirs = await huggingFaceReader(path, { allowLocalFile: true });
      for (const [key, value] of ours.metadata) assert.deepEqual(value, (theirs.metadata as Record<string, unknown>)[key], key);
      assert.equal(ours.tensors.length, theirs.tensorInfos.length);
      ours.tensors.forEach((tensor, i) => {
        const info = theirs.tensorInfos[i]!;
        assert.deepEqual([tensor.name, [...tensor.shape].reverse().map(BigInt), BigInt(tensor.offset)], [info.name, info.shape, info.offset + theirs.tensorDataOffset]);
      });
    });

  it('gives the decoder that the original config.json gives', async () => {
    const original = await openFolder(modelFolder('llama')), { config } = openGguf(join(reference, 'gguf/llama-q8_0.gguf'));
    assert.deepEqual(readArchitecture(config), readArchitecture(original.config));
    assert.deepEqual([config.bos_token_id, config.eos_token_id, config.pad_token_id], [1, 2, 0]);
  });

  it('carries tokenizer and chat template', async () => {
    const original = await openFolder(modelFolder('llama')), { tokenizer, chatTemplate } = openGguf(join(reference, 'gguf/llama-f32.gguf'));
    assert.equal(chatTemplate, original.chatTemplate);
    const [ours, theirs] = [tokenizer!, original.tokenizer!].map(({ tokenizerJson }) => JSON.parse(tokenizerJson) as { model: { vocab: unknown; merges: (string | string[])[] } });
    assert.deepEqual(ours!.model.vocab, theirs!.model.vocab);
    assert.deepEqual(ours!.model.merges, theirs!.model.merges.map(merge => typeof merge === 'string' ? merge : merge.join(' ')));
  });

  // What llama.cpp's converter makes of each tiny model must come back as the model it was made from.
  const families: [string, string, MetadataInput, Record<string, unknown>][] = [
    ['llama', 'llama', {}, {}],
    ['llama3', 'llama', {}, {}],
    ['qwen2', 'qwen2', {}, {}],
    ['qwen3', 'qwen3', { 'qwen3.attention.key_length': 32 }, {}],
    ['phi3', 'phi3', { 'phi3.rope.dimension_count': 16 }, {}],
    ['smollm3', 'smollm3', {}, {}],
    ['granite', 'granite', { 'granite.attention.scale': { f32: 0.1 }, 'granite.embedding_scale': { f32: 6 }, 'granite.residual_scale': { f32: 0.5 }, 'granite.logit_scale': { f32: 4 } }, {}],
    ['olmo2', 'olmo2', {}, {}],
    // A GGUF has no query_pre_attn_scalar: llama.cpp takes the head size.
    ['gemma2', 'gemma2', { 'gemma2.attention.key_length': 32, 'gemma2.attention.sliding_window': 16, 'gemma2.attn_logit_softcapping': { f32: 5 }, 'gemma2.final_logit_softcapping': { f32: 3 } }, { query_pre_attn_scalar: 32 }],
    ['gemma3', 'gemma3', { 'gemma3.attention.key_length': 32, 'gemma3.attention.sliding_window': 16 }, { query_pre_attn_scalar: 32, layer_types: undefined }],
  ];
  for (const [name, architecture, metadata, differs] of families)
    it(`undoes what the converter does to ${name}`, async () => {
      const original = await openFolder(modelFolder(name)), config = { ...original.config, ...differs };
      const path = writeGguf(file(`${name}.gguf`), { ...convertedMetadata(architecture, config), ...metadata }, await convertedTensors(architecture, original));
      const opened = openGguf(path);
      assert.deepEqual(readArchitecture(opened.config), readArchitecture(config));
      assert.deepEqual([...opened.tensors.keys()].sort(), [...original.tensors.keys()].sort());
      // 1 + w loses the last bits of w.
      const tolerance = architecture.startsWith('gemma') ? 2 ** -23 : 0;
      for (const [tensor, info] of opened.tensors) {
        const values = await readTensor(info), expected = await readTensor(original.tensors.get(tensor)!);
        assert.ok(values.every((value, i) => Math.abs(value - expected[i]!) <= tolerance), tensor);
      }
    });

  it('finds the long and short factors of LongRoPE', () => {
    const factors = Float32Array.from({ length: 8 }, (_, i) => 1 + i);
    const { config } = openGguf(writeGguf(file('longrope.gguf'), { ...minimal('phi3'), 'phi3.rope.scaling.original_context_length': 64 }, [
      { name: 'token_embd.weight', shape: [4, 32], data: new Float32Array(128) },
      { name: 'rope_factors_long.weight', shape: [8], data: factors.map(f => 2 * f) }, { name: 'rope_factors_short.weight', shape: [8], data: factors },
    ]));
    assert.deepEqual(config.rope_scaling, { rope_type: 'longrope', long_factor: [2, 4, 6, 8, 10, 12, 14, 16], short_factor: [1, 2, 3, 4, 5, 6, 7, 8], original_max_position_embeddings: 64 });
  });

  describe('that cannot be used', () => {
    const embedding: TensorInput = { name: 'token_embd.weight', shape: [4, 32], data: new Float32Array(128) };
    const cases: [string, () => string, RegExp][] = [
      ['an unknown architecture', () => writeGguf(file('bad.gguf'), { 'general.architecture': 'mamba' }, []), /"general\.architecture": its architecture is "mamba"\. Supported in GGUF files: gemma2, gemma3, granite, llama, olmo2, phi3, qwen2, qwen3, smollm3\./],
      ['a type that is not read', () => writeGguf(file('bad.gguf'), minimal('llama'), [{ ...embedding, type: 10 }]), /"token_embd\.weight": its type is Q2_K\. Supported: F32, F16, BF16, Q8_0, Q4_0, Q4_1, Q5_0, Q5_1, Q4_K, Q5_K, Q6_K\./],
      ['a mixture of experts', () => writeGguf(file('bad.gguf'), minimal('llama'), [embedding, { name: 'blk.0.ffn_gate_exps.weight', shape: [2, 4, 32], data: new Float32Array(256) }]), /"blk\.0\.ffn_gate_exps\.weight": a llama has no tensor of this name/],
      ['part of a split', () => writeGguf(file('bad.gguf'), { ...minimal('llama'), 'split.count': 3 }, [embedding]), /this is one of 3 parts of a split GGUF\. Join the parts first: llama-gguf-split --merge/],
      ['missing metadata', () => writeGguf(file('bad.gguf'), { 'general.architecture': 'llama' }, [embedding]), /"llama\.embedding_length": the metadata "llama\.embedding_length" is missing; a number is needed/],
      ['metadata of the wrong kind', () => writeGguf(file('bad.gguf'), { ...minimal('llama'), 'llama.block_count': 'two' }, [embedding]), /"llama\.block_count" is "two"; a number is needed/],
      ['an unknown pre-tokenizer', () => writeGguf(file('bad.gguf'), { ...minimal('llama'), 'tokenizer.ggml.model': 'gpt2', 'tokenizer.ggml.pre': 'klingon', 'tokenizer.ggml.tokens': ['a'], 'tokenizer.ggml.merges': [] }, [embedding]), /its pre-tokenizer is "klingon"\. Supported: .*llama-bpe.*smollm/],
      ['an unknown kind of tokenizer', () => writeGguf(file('bad.gguf'), { ...minimal('llama'), 'tokenizer.ggml.model': 'rwkv', 'tokenizer.ggml.tokens': ['a'] }, [embedding]), /its tokenizer is of the kind "rwkv"\. Supported: gpt2 \(byte-level BPE\), llama \(SentencePiece BPE\)/],
      ['merges outside the vocabulary', () => writeGguf(file('bad.gguf'), { ...minimal('llama'), 'tokenizer.ggml.model': 'gpt2', 'tokenizer.ggml.pre': 'gpt-2', 'tokenizer.ggml.tokens': ['a', 'b'], 'tokenizer.ggml.merges': ['a b'] }, [embedding]), /holds "a b", whose parts or result are not in the vocabulary/],
      ['another file', () => { writeFileSync(file('bad.gguf'), 'PK'.repeat(40)); return file('bad.gguf'); }, /the file does not begin with "GGUF"/],
      ['version 1', () => { writeFileSync(file('bad.gguf'), ggufBytes(minimal('llama'), [embedding], 1)); return file('bad.gguf'); }, /GGUF version 1; supported: 2 and 3/],
      ['a big-endian file', () => { writeFileSync(file('bad.gguf'), ggufBytes(minimal('llama'), [embedding], 0x03000000)); return file('bad.gguf'); }, /version 50331648 \(a big-endian file\?\)/],
      ['two tensors of one name', () => writeGguf(file('bad.gguf'), minimal('llama'), [embedding, embedding]), /"token_embd\.weight": two tensors have this name/],
      ['overlapping tensors', () => writeGguf(file('bad.gguf'), minimal('llama'), [embedding, { ...embedding, name: 'output.weight', offset: 32n }]), /inside the tensor before it/],
      ['data beyond the file', () => writeGguf(file('bad.gguf'), minimal('llama'), [{ ...embedding, offset: 2n ** 63n }]), /"token_embd\.weight": its data ends at byte 9223372036854776\d+, but the file has \d+ bytes/],
      ['rows that are no whole blocks', () => writeGguf(file('bad.gguf'), minimal('llama'), [{ ...embedding, shape: [4, 33], type: 8 }]), /its rows have 33 elements, but Q8_0 stores blocks of 32/],
      ['a missing file', () => file('nothing.gguf'), /nothing\.gguf: the file does not exist/],
    ];
    for (const [what, make, text] of cases) it(`says so: ${what}`, async () => {
      const path = make();
      assert.match(renderProblem(await problemOf(() => openGguf(path))), text);
    });

    it('says where a truncated file ends: in the header, and in a tensor', async () => {
      for (const [size, text] of [[3000, /needed at byte \d+, but the file ends at 3000/], [60_000, /"[\w.]+": its data ends at byte \d+, but the file has 60000 bytes/]] as const) {
        writeFileSync(file('cut.gguf'), readFileSync(join(reference, 'gguf/llama-q4_1.gguf')));
        truncateSync(file('cut.gguf'), size);
        assert.match(renderProblem(await problemOf(() => readGguf(file('cut.gguf')))), text);
      }
    });

    it('answers any mutation with a model or a Problem, never anything else, and quickly', () => {
      const sound = readFileSync(join(reference, 'gguf/llama-q4_1.gguf'));
      const headerEnd = readGguf(join(reference, 'gguf/llama-q4_1.gguf')).tensors.reduce((least, { offset }) => Math.min(least, offset), Infinity);
      const mutation = fc.record({ at: fc.nat(headerEnd - 1), bytes: fc.oneof(fc.uint8Array({ minLength: 1, maxLength: 8 }), fc.constant(new Uint8Array(8).fill(255)), fc.constant(new Uint8Array(4))) });
      const started = performance.now();
      fc.assert(fc.property(fc.array(mutation, { minLength: 1, maxLength: 3 }), fc.option(fc.nat(sound.length)), (mutations, cut) => {
        const mutated = Buffer.from(sound);
        for (const { at, bytes } of mutations) mutated.set(bytes.subarray(0, headerEnd - at), at);
        writeFileSync(file('mutated.gguf'), cut === null ? mutated : mutated.subarray(0, cut));
        try {
          for (const { offset, byteLength } of openGguf(file('mutated.gguf')).tensors.values()) assert.ok(offset + byteLength <= mutated.length);
        } catch (error) {
          assert.ok(error instanceof ProblemError, error instanceof Error ? error.stack : String(error));
        }
      }), { numRuns: 800, seed: 3 });
      assert.ok(performance.now() - started < 30_000);
    });
  });
});

function minimal(architecture: string): MetadataInput {
  const sizes = { context_length: 128, embedding_length: 32, block_count: 1, feed_forward_length: 64, 'attention.head_count': 2, 'attention.head_count_kv': 2 };
  return {
    'general.architecture': architecture, [`${architecture}.attention.layer_norm_rms_epsilon`]: { f32: 1e-6 },
    ...Object.fromEntries(Object.entries(sizes).map(([key, value]) => [`${architecture}.${key}`, value])),
  };
}

function convertedMetadata(architecture: string, config: Record<string, unknown>): MetadataInput {
  const rope = config.rope_parameters as Record<string, Record<string, number> & number> | undefined;
  const theta = Number(rope?.rope_theta ?? rope?.full_attention?.rope_theta ?? config.rope_theta);
  return {
    ...minimal(architecture),
    [`${architecture}.context_length`]: Number(config.max_position_embeddings), [`${architecture}.embedding_length`]: Number(config.hidden_size),
    [`${architecture}.block_count`]: Number(config.num_hidden_layers), [`${architecture}.feed_forward_length`]: Number(config.intermediate_size),
    [`${architecture}.attention.head_count`]: Number(config.num_attention_heads), [`${architecture}.attention.head_count_kv`]: Number(config.num_key_value_heads),
    [`${architecture}.attention.layer_norm_rms_epsilon`]: { f32: Number(config.rms_norm_eps) }, [`${architecture}.rope.freq_base`]: { f32: theta },
  };
}

/** As convert_hf_to_gguf.py: names, interleaved q and k rows, norms plus one, Llama 3's divisors. */
async function convertedTensors(architecture: string, { config, tensors }: Awaited<ReturnType<typeof openFolder>>): Promise<TensorInput[]> {
  const { layer, permutesQueryKey, normShift } = ggufArchitectures[architecture]!;
  const out: TensorInput[] = [];
  for (const [name, info] of tensors) {
    let data = await readTensor(info);
    const match = /^model\.layers\.(\d+)\.(.+)\.(weight|bias)$/.exec(name);
    const part = match ? Object.entries(layer).find(([, value]) => value === match[2])?.[0] : undefined;
    const heads = Number(part === 'attn_q' ? config.num_attention_heads : config.num_key_value_heads);
    if (permutesQueryKey && (part === 'attn_q' || part === 'attn_k')) data = interleave(data, info.shape[0]!, heads);
    if (normShift === 1 && name.endsWith('norm.weight')) data = data.map(value => value + 1);
    const top: Record<string, string> = { 'model.embed_tokens.weight': 'token_embd.weight', 'model.norm.weight': 'output_norm.weight', 'lm_head.weight': 'output.weight' };
    out.push({ name: top[name] ?? `blk.${match![1]}.${part}.${match![3]}`, shape: [...info.shape], data });
  }
  const scaling = config.rope_scaling as { factor: number; original_max_position_embeddings: number } | undefined | null;
  if (scaling) out.push({ name: 'rope_freqs.weight', shape: [8], data: llama3Divisors(Number(config.rope_theta), scaling) });
  return out;
}

function interleave(values: Float32Array, rows: number, heads: number): Float32Array {
  const columns = values.length / rows, headSize = rows / heads, out = new Float32Array(values.length);
  for (let row = 0; row < rows; row++) {
    const head = Math.floor(row / headSize), within = row % headSize, a = Math.floor(within / (headSize / 2)), i = within % (headSize / 2);
    out.set(values.subarray(row * columns, (row + 1) * columns), (head * headSize + 2 * i + a) * columns);
  }
  return out;
}

function llama3Divisors(theta: number, { factor, original_max_position_embeddings: original }: { factor: number; original_max_position_embeddings: number }): Float32Array {
  return Float32Array.from({ length: 8 }, (_, i) => {
    const wavelength = 2 * Math.PI * theta ** (i / 8), smooth = (original / wavelength - 1) / 3;
    return wavelength < original / 4 ? 1 : wavelength > original ? factor : 1 / ((1 - smooth) / factor + smooth);
  });
}
