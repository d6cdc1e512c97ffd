import assert from 'node:assert/strict';
import { readFileSync, readdirSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { decodeTensor, decodeToScratch, ggufBlockParity, readTensor, undoPermutation } from '../../src/models/decode';
import type { BlockFixture } from '../../src/models/decode';
import { openFolder } from '../../src/models/openFolder';
import { openGguf } from '../../src/models/gguf';
import { tensorTypes } from '../../src/models/tensorTypes';
import { largestDifference, modelFolder, reference, temporaryFolder } from './support';

const blocks = JSON.parse(readFileSync(join(reference, 'gguf/blocks.json'), 'utf8')) as BlockFixture;

describe('decoding', () => {
  it('equals llama.cpp on every supported block type', () => {
    const cases = ggufBlockParity(blocks);
    assert.deepEqual(cases.filter(one => !one.ok), []);
    assert.deepEqual(cases.filter(one => !one.skipped).map(one => one.name.split('/')[2]).sort(), tensorTypes.filter(type => type !== 'F32').sort());
  });

  it('reports a wrong value with its size', () => {
    const q8 = blocks.Q8_0!, decoded = Buffer.from(q8.decoded, 'base64');
    decoded.writeFloatLE(decoded.readFloatLE(40) + 0.01, 40);
    const [wrong] = ggufBlockParity({ Q8_0: { ...q8, decoded: decoded.toString('base64') } });
    assert.equal(wrong!.ok, false);
    assert.ok(wrong!.error > 0.01 && wrong!.error < 0.1);
  });

  it('reads two-byte types from an odd offset', () => {
    const bytes = new Uint8Array(5);
    bytes.set([0x00, 0x3c, 0x00, 0xc0], 1);
    assert.deepEqual(decodeTensor('F16', bytes.subarray(1), 2), Float32Array.of(1, -2));
    bytes.set([0x80, 0x3f, 0x00, 0xc0], 1);
    assert.deepEqual(decodeTensor('BF16', bytes.subarray(1), 2), Float32Array.of(1, -2));
  });

  it('knows subnormal, infinite and undefined halves', () => {
    const halves = Uint16Array.of(0x0001, 0x8001, 0x7c00, 0xfc00, 0x7e00, 0x7bff, 0x8000);
    assert.deepEqual(decodeTensor('F16', new Uint8Array(halves.buffer), 7), Float32Array.of(2 ** -24, -(2 ** -24), Infinity, -Infinity, NaN, 65504, -0));
  });

  it('refuses bytes that do not hold the elements', () => {
    assert.throws(() => decodeTensor('Q4_1', new Uint8Array(19), 32), RangeError);
  });

  it('undoes the interleaving of q and k rows: rows 0 2 1 3 of a head of four', () => {
    // Two heads of four rows, two columns; stored row 2i + a is row a·2 + i.
    const stored = Float32Array.of(0, 0, 2, 2, 1, 1, 3, 3, 4, 4, 6, 6, 5, 5, 7, 7);
    assert.deepEqual(undoPermutation(stored, 8, 2), Float32Array.of(0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7));
  });

  for (const [type, tolerance] of [['f32', 0], ['f16', 5e-4], ['q8_0', 5e-3], ['q4_1', 7e-2]] as const)
    it(`reads the tiny llama's ${type} GGUF as the weights it was made from`, async () => {
      const original = await openFolder(modelFolder('llama')), gguf = openGguf(join(reference, `gguf/llama-${type}.gguf`));
      assert.deepEqual([...gguf.tensors.keys()].sort(), [...original.tensors.keys()].sort());
      for (const [name, info] of original.tensors) {
        const stored = gguf.tensors.get(name)!;
        assert.deepEqual(stored.shape, info.shape);
        const expected = await readTensor(info), largest = largestDifference(expected, new Float32Array(expected.length));
        assert.ok(largestDifference(await readTensor(stored), expected) <= tolerance * largest, name);
      }
    });

  describe('to scratch', () => {
    const folder = temporaryFolder();
    const { tensors } = openGguf(join(reference, 'gguf/llama-q4_1.gguf'));

    it('gives F32 ranges with the decoded values, and leaves plain tensors where they are', async () => {
      const decoded = await decodeToScratch(tensors.values(), folder);
      assert.deepEqual([...decoded.keys()], [...tensors.keys()]);
      for (const [name, info] of decoded) {
        assert.equal(info.type, 'F32');
        assert.equal(info.permutedHeads, undefined);
        assert.deepEqual(info.shape, tensors.get(name)!.shape);
        assert.deepEqual(await readTensor(info), await readTensor(tensors.get(name)!));
      }
      const norm = 'model.norm.weight';
      assert.equal(decoded.get(norm), tensors.get(norm));
    });

    it('uses a complete file again, and replaces one that is cut off', async () => {
      let decodedTensors = 0;
      const onProgress = (): void => { decodedTensors++; };
      await decodeToScratch(tensors.values(), folder, { onProgress });
      assert.equal(decodedTensors, 0);
      const [name] = readdirSync(folder);
      truncateSync(join(folder, name!), 5000);
      const decoded = await decodeToScratch(tensors.values(), folder, { onProgress });
      assert.equal(decodedTensors, 15);
      assert.deepEqual(readdirSync(folder), [name]);
      assert.deepEqual(await readTensor(decoded.get('lm_head.weight') ?? decoded.get('model.embed_tokens.weight')!), await readTensor(tensors.get('model.embed_tokens.weight')!));
    });

    it('leaves nothing behind when it is stopped', async () => {
      const empty = join(folder, 'empty'), stop = new AbortController();
      await assert.rejects(decodeToScratch(tensors.values(), empty, { signal: stop.signal, onProgress: done => { if (done === 3) stop.abort(); } }), { name: 'AbortError' });
      assert.deepEqual(readdirSync(empty), []);
    });

    it('does not meet old values after the model file changed', async () => {
      const copy = join(folder, 'copy.gguf'), bytes = readFileSync(join(reference, 'gguf/llama-q4_1.gguf'));
      writeFileSync(copy, bytes);
      const before = (await decodeToScratch(openGguf(copy).tensors.values(), folder)).get('model.embed_tokens.weight')!;
      bytes[bytes.length - 40]! ^= 0x11;
      await new Promise(done => setTimeout(done, 20));
      writeFileSync(copy, bytes);
      const afterwards = (await decodeToScratch(openGguf(copy).tensors.values(), folder)).get('model.embed_tokens.weight')!;
      assert.notEqual(before.file, afterwards.file);
    });
  });
});
