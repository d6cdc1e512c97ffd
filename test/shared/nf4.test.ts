/** What holds for 4-bit weights of any values. */
import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { decodeNf4, encodeNf4, NF4_BLOCK, NF4_VALUES, quantiseScales, restoreScales } from '../../src/shared/nf4';

/** Of the size of weights: below 1e-38 a scale counts as zero. */
const values = fc.array(fc.float({ noNaN: true, min: -100, max: 100 }), { minLength: 1, maxLength: 300 })
  .map(list => Float32Array.from(list, value => (Math.abs(value) < 1e-30 ? 0 : value)));

describe('NF4', () => {
  it('brings each value to the nearest of the sixteen, times the scale of its block', () => {
    fc.assert(fc.property(values, input => {
      const encoded = encodeNf4(input);
      decodeNf4(encoded, input.length).forEach((decoded, i) => {
        const scale = encoded.scales[Math.floor(i / NF4_BLOCK)];
        const nearest = Math.min(...NF4_VALUES.map(value => Math.abs(value * scale - input[i])));
        assert.ok(Math.abs(decoded - input[i]) <= nearest + 1e-6 * scale, `${input[i]} became ${decoded} with scale ${scale}`);
      });
    }));
  });

  it('keeps zeros, and the largest of each block, as they are', () => {
    fc.assert(fc.property(values, input => {
      const decoded = decodeNf4(encodeNf4(input), input.length);
      for (let from = 0; from < input.length; from += NF4_BLOCK) {
        const block = input.subarray(from, from + NF4_BLOCK);
        const at = block.reduce((best, value, i) => (Math.abs(value) > Math.abs(block[best]) ? i : best), 0);
        assert.equal(decoded[from + at], block[at]);
      }
      input.forEach((value, i) => { if (value === 0) assert.equal(decoded[i], 0); });
    }));
  });

  it('changes no scale by more than a code of the second quantisation', () => {
    fc.assert(fc.property(fc.array(fc.float({ noNaN: true, min: 0, max: 10 }), { minLength: 1, maxLength: 600 }), list => {
      const scales = Float32Array.from(list);
      const quantised = quantiseScales(scales);
      restoreScales(quantised).forEach((restored, i) => {
        const largest = quantised.nested[Math.floor(i / 256)];
        assert.ok(Math.abs(restored - scales[i]) <= 0.0075 * largest + 1e-6 * (1 + quantised.offset), `${scales[i]} became ${restored}`);
      });
    }));
  });
});
