import assert from 'node:assert/strict';
import { copyFileSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { ProblemError, renderProblem } from '../../src/shared/problem';
import { parseSafetensorsHeader, readSafetensors, readSafetensorsHeader, streamSafetensors, writeSafetensors } from '../../src/models/safetensors';
import type { TensorToWrite } from '../../src/models/safetensors';
import { modelFolder, problemOf, reference, temporaryFolder } from './support';

const referenceFile = join(modelFolder('llama'), 'model.safetensors');

describe('safetensors', () => {
  const folder = temporaryFolder();
  const file = (name: string): string => join(folder, name);

  it('writes, byte for byte, what the reference library wrote', async () => {
    for (const source of [join(modelFolder('llama'), 'adapter/adapter_model.safetensors'), referenceFile, join(modelFolder('mistral'), 'model-00001-of-00002.safetensors')]) {
      const { entries, metadata, read } = await readSafetensors(source);
      const tensors: TensorToWrite[] = [];
      for (const { name, shape, type } of entries.values()) tensors.push({ name, shape, type: type as 'F32' | 'BF16', data: await read(name) });
      await writeSafetensors(file('again.safetensors'), tensors, metadata);
      assert.deepEqual(readFileSync(file('again.safetensors')), readFileSync(source), source);
    }
  });

  it('reads back what it wrote, whatever names and shapes', async () => {
    const tensor = fc.record({ name: fc.string({ minLength: 1, unit: 'grapheme' }).filter(name => name !== '__metadata__'), shape: fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 3 }) });
    await fc.assert(fc.asyncProperty(fc.uniqueArray(tensor, { maxLength: 6, selector: t => t.name }), async layouts => {
      const tensors = layouts.map(({ name, shape }, n) => ({ name, shape, type: 'F32' as const, data: Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => n + i / 7) }));
      await writeSafetensors(file('random.safetensors'), tensors, { format: 'pt' });
      const { read, entries } = await readSafetensors(file('random.safetensors'));
      assert.equal(entries.size, tensors.length);
      for (const { name, shape, data } of tensors) {
        assert.deepEqual(entries.get(name)!.shape, shape);
        assert.deepEqual(await read(name), data);
      }
    }), { numRuns: 60, seed: 7 });
  });

  it('writes a tensor in pieces as it writes it whole', async () => {
    const data = Float32Array.from({ length: 12 }, (_, i) => i / 7);
    await writeSafetensors(file('whole.safetensors'), [{ name: 'x', shape: [3, 4], type: 'BF16', data }]);
    const pieces = function* (values: Float32Array) { for (let at = 0; at < values.length; at += 5) yield values.subarray(at, at + 5); };
    await streamSafetensors(file('pieces.safetensors'), [{ name: 'x', shape: [3, 4], type: 'BF16' }], () => pieces(data));
    assert.deepEqual(readFileSync(file('pieces.safetensors')), readFileSync(file('whole.safetensors')));
    await assert.rejects(streamSafetensors(file('short.safetensors'), [{ name: 'x', shape: [3, 4], type: 'F32' }], () => pieces(data.subarray(1))), /x: 11 values for shape \[3, 4\]/);
  });

  it('rounds to bfloat16 as PyTorch does: to nearest, ties to even', async () => {
    const data = Float32Array.of(1, 1 + 2 ** -8, 1 + 3 * 2 ** -8, 1 + 2 ** -8 + 2 ** -20, -0, Infinity, NaN, 3.4e38);
    await writeSafetensors(file('bf16.safetensors'), [{ name: 'x', shape: [8], type: 'BF16', data }]);
    const { read } = await readSafetensors(file('bf16.safetensors'));
    assert.deepEqual(await read('x'), Float32Array.of(1, 1, 1 + 2 ** -6, 1 + 2 ** -7, -0, Infinity, NaN, Infinity));
  });

  it('reads whole numbers', async () => {
    const { readIntegers } = await readSafetensors(join(reference, 'gguf/llama-f32.safetensors'));
    const greedy = await readIntegers('greedy');
    assert.equal(greedy.length, 32);
    assert.ok(greedy.every(id => Number.isInteger(id) && id >= 0 && id < 512));
  });

  describe('of a hostile file', () => {
    const raw = (header: string, dataBytes = 0, claimed?: bigint): string => {
      const json = Buffer.from(header), length = Buffer.alloc(8);
      length.writeBigUInt64LE(claimed ?? BigInt(json.length));
      writeFileSync(file('bad.safetensors'), Buffer.concat([length, json, Buffer.alloc(dataBytes)]));
      return file('bad.safetensors');
    };
    const entry = (shape: unknown, offsets: unknown, dtype: unknown = 'F32'): string => JSON.stringify({ dtype, shape, data_offsets: offsets });
    const cases: [string, () => string, RegExp][] = [
      ['a header longer than the limit', () => raw('{}', 0, 100_000_001n), /bad\.safetensors: the header claims 100000001 bytes; the limit is 100000000\./],
      ['a header longer than the file', () => raw('{}', 0, 50n), /the header claims 50 bytes, but only 2 follow/],
      ['a length of 2^64 − 1', () => raw('{}', 0, 2n ** 64n - 1n), /the header claims 18446744073709551615 bytes/],
      ['a file of seven bytes', () => { writeFileSync(file('bad.safetensors'), '1234567'); return file('bad.safetensors'); }, /has 7 bytes; a safetensors file has at least 8/],
      ['text that is not JSON', () => raw('{"a":'), /the header is not JSON/],
      ['a list', () => raw('[]'), /not a JSON object/],
      ['two tensors of one name', () => raw(`{"a":${entry([1], [0, 4])},"a":${entry([1], [4, 8])}}`, 8), /"a": two tensors of the header have this name/],
      ['offsets beyond the file', () => raw(`{"a":${entry([2], [0, 8])}}`, 4), /"a": its data ends at byte 8, but the file holds 4 bytes of data/],
      ['offsets that run backwards', () => raw(`{"a":${entry([1], [4, 0])}}`, 4), /\[4, 0\]: the end lies before the beginning/],
      ['negative offsets', () => raw(`{"a":${entry([1], [-4, 0])}}`, 4), /data_offsets are \[-4,0\]/],
      ['overlapping tensors', () => raw(`{"a":${entry([2], [0, 8])},"b":${entry([2], [4, 12])}}`, 12), /"b": its data begins at byte 4, inside the tensor before it, which ends at 8/],
      ['a hole', () => raw(`{"a":${entry([1], [0, 4])},"b":${entry([1], [8, 12])}}`, 12), /"b": bytes 4 to 8 before it belong to no tensor/],
      ['bytes after the last tensor', () => raw(`{"a":${entry([1], [0, 4])}}`, 8), /the tensors end at byte 4 of the data, the file holds 8/],
      ['a shape that does not fit its bytes', () => raw(`{"a":${entry([3], [0, 8])}}`, 8), /its shape \[3\] of F32 takes 12 bytes, but its data_offsets hold 8/],
      ['a shape that overflows', () => raw(`{"a":${entry([2 ** 40, 2 ** 40], [0, 8])}}`, 8), /takes 4\.\d+e\+24 bytes/],
      ['a type nobody knows', () => raw(`{"a":${entry([1], [0, 4], '__proto__')}}`, 4), /its type is "__proto__"/],
      ['metadata that is not text', () => raw('{"__metadata__":{"a":1}}'), /"__metadata__": it is not an object of texts/],
    ];
    for (const [what, make, text] of cases) it(`refuses ${what}`, async () => {
      const path = make();
      assert.match(renderProblem(await problemOf(() => readSafetensorsHeader(path))), text);
    });

    it('refuses a truncated file, naming the first tensor that is cut', async () => {
      copyFileSync(referenceFile, file('cut.safetensors'));
      truncateSync(file('cut.safetensors'), 200_000);
      const problem = await problemOf(() => readSafetensorsHeader(file('cut.safetensors')));
      assert.equal(problem.id, 'models/truncated-file');
      assert.match(renderProblem(problem), /cut\.safetensors, "model\.layers\.[^"]+": its data ends at byte \d+, but the file holds \d+ bytes of data/);
    });

    it('says which types it can train on', async () => {
      const path = raw(`{"a":${entry([1], [0, 8], 'F64')}}`, 8), opened = await readSafetensors(path);
      assert.match(renderProblem(await problemOf(() => opened.info('a'))), /"a": its type is F64\. Supported in safetensors: F32, F16, BF16\./);
      assert.match(renderProblem(await problemOf(() => opened.info('b'))), /"b": the file holds no tensor of this name/);
    });

    it('answers any mutation with a header or a Problem, never anything else', () => {
      const bytes = readFileSync(join(modelFolder('llama'), 'adapter/adapter_model.safetensors'));
      const header = bytes.subarray(8, 8 + Number(bytes.readBigUInt64LE(0)));
      const mutation = fc.record({ at: fc.nat(header.length - 1), byte: fc.oneof(fc.nat(255), fc.constantFrom(...Buffer.from('0123456789[]{},:"-'))) });
      fc.assert(fc.property(fc.array(mutation, { minLength: 1, maxLength: 4 }), fc.integer({ min: -64, max: 64 }), (mutations, shift) => {
        const mutated = Buffer.from(header);
        for (const { at, byte } of mutations) mutated[at] = byte;
        try {
          const { entries } = parseSafetensorsHeader('x', mutated, bytes.length + shift);
          for (const { offset, byteLength } of entries) assert.ok(offset >= 8 + header.length && offset + byteLength <= bytes.length + shift);
        } catch (error) {
          assert.ok(error instanceof ProblemError, String(error));
        }
      }), { numRuns: 3000, seed: 11 });
    });
  });
});
