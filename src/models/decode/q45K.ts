/** Q4_K and Q5_K: super-blocks of 256 in eight groups of 32, each with a 6-bit scale and minimum. Source: ggml-quants.c, dequantize_row_q4_K, _q5_K. */
import { float16Table } from '../../shared/float16';

const factors = new Float32Array(8), minima = new Float32Array(8);

/** [scale f16][minimum scale f16][12 bytes of 6-bit scales and minima][128 bytes of codes]; value = scale·s·q − minimum·m. */
export function decodeQ4_K(bytes: Uint8Array, out: Float32Array): void {
  for (let at = 0, o = 0; o < out.length; at += 144, o += 256) {
    unpackScales(bytes, at);
    for (let pair = 0; pair < 4; pair++) {
      const low = factors[2 * pair]!, lowMinimum = minima[2 * pair]!, high = factors[2 * pair + 1]!, highMinimum = minima[2 * pair + 1]!;
      const from = at + 16 + 32 * pair, to = o + 64 * pair;
      for (let i = 0; i < 32; i++) {
        const codes = bytes[from + i]!;
        out[to + i] = low * (codes & 15) - lowMinimum;
        out[to + 32 + i] = high * (codes >> 4) - highMinimum;
      }
    }
  }
}

/** As Q4_K with 32 bytes of fifth bits before the codes: bit g of byte i belongs to element i of group g. */
export function decodeQ5_K(bytes: Uint8Array, out: Float32Array): void {
  for (let at = 0, o = 0; o < out.length; at += 176, o += 256) {
    unpackScales(bytes, at);
    for (let pair = 0; pair < 4; pair++) {
      const low = factors[2 * pair]!, lowMinimum = minima[2 * pair]!, high = factors[2 * pair + 1]!, highMinimum = minima[2 * pair + 1]!;
      const from = at + 48 + 32 * pair, to = o + 64 * pair, bit = 2 * pair;
      for (let i = 0; i < 32; i++) {
        const codes = bytes[from + i]!, fifth = bytes[at + 16 + i]! >> bit;
        out[to + i] = low * ((codes & 15) | ((fifth & 1) << 4)) - lowMinimum;
        out[to + 32 + i] = high * ((codes >> 4) | (((fifth >> 1) & 1) << 4)) - highMinimum;
      }
    }
  }
}

/** Fills `factors` and `minima` for the super-block at `at`; groups 4–7 borrow their two top bits from the bytes of groups 0–3. */
function unpackScales(bytes: Uint8Array, at: number): void {
  const half = float16Table();
  const scale = half[bytes[at]! | (bytes[at + 1]! << 8)]!, minimumScale = half[bytes[at + 2]! | (bytes[at + 3]! << 8)]!;
  for (let g = 0; g < 4; g++) {
    const a = bytes[at + 4 + g]!, b = bytes[at + 8 + g]!, c = bytes[at + 12 + g]!;
    factors[g] = scale * (a & 63);
    minima[g] = minimumScale * (b & 63);
    factors[g + 4] = scale * ((c & 15) | ((a >> 6) << 4));
    minima[g + 4] = minimumScale * ((c >> 4) | ((b >> 6) << 4));
  }
}
