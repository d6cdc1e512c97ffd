/** Codes of 8 bits: how far from the values, and how they lie in a file. */
import { strict as assert } from 'node:assert';
import { codesOffset, eightBitBytes, encodeEightBit, layEightBit, productShape } from '../../src/shared/eightBit';

const WEIGHT = Float32Array.of(1.2, -2, 0.6, 4, 0, 1); // [2,3]

describe('codes of 8 bits', () => {
  it('are scaled by the columns of what is multiplied with', () => {
    const backward = encodeEightBit(WEIGHT, [2, 3], 'backward', 127);
    assert.deepEqual([...backward.codes], [38, -127, 76, 127, 0, 127]);
    assert.deepEqual([...backward.scales], [4, 2, 1].map(largest => Math.fround(largest / 127)));
    const forward = encodeEightBit(WEIGHT, [2, 3], 'forward', 63);
    assert.deepEqual([...forward.codes], [38, 63, -63, 0, 19, 16]); // [3,2]
    assert.deepEqual([...forward.scales], [2, 4].map(largest => Math.fround(largest / 63)));
  });

  it('keep a column of zeros', () => {
    const { codes, scales } = encodeEightBit(new Float32Array(4), [2, 2], 'backward', 127);
    assert.deepEqual([[...codes], [...scales]], [[0, 0, 0, 0], [0, 0]]);
  });

  it('lie after their scales, in whole words', () => {
    const bytes = layEightBit(encodeEightBit(WEIGHT, [2, 3], 'backward', 127));
    const shape = productShape([2, 3], 'backward');
    assert.equal(bytes.byteLength, eightBitBytes(shape));
    assert.equal(eightBitBytes(shape), 3 * 4 + 8);
    assert.equal(codesOffset({ shape, file: '', offset: 100 }), 112);
    assert.deepEqual([...new Int8Array(bytes.buffer, 12, 6)], [38, -127, 76, 127, 0, 127]);
  });
});
