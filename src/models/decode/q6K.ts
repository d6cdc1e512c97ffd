/** Q6_K: super-blocks of 256 six-bit codes in sixteen groups of 16 with signed 8-bit scales. Source: ggml-quants.c, dequantize_row_q6_K. */
import { float16Table } from '../../shared/float16';

/** [128 bytes low nibbles][64 bytes high pairs][16 scales][scale f16]; value = scale · s · (q − 32). Two halves of 128 elements. */
export function decodeQ6_K(bytes: Uint8Array, out: Float32Array): void {
  const half = float16Table();
  for (let at = 0, o = 0; o < out.length; at += 210, o += 256) {
    const scale = half[bytes[at + 208]! | (bytes[at + 209]! << 8)]!;
    for (let part = 0; part < 2; part++) {
      const low = at + 64 * part, high = at + 128 + 32 * part, scales = at + 192 + 8 * part, to = o + 128 * part;
      for (let i = 0; i < 32; i++) {
        const group = scales + (i >> 4), top = bytes[high + i]!, a = bytes[low + i]!, b = bytes[low + 32 + i]!;
        out[to + i] = scale * signed(bytes[group]!) * (((a & 15) | ((top & 3) << 4)) - 32);
        out[to + 32 + i] = scale * signed(bytes[group + 2]!) * (((b & 15) | (((top >> 2) & 3) << 4)) - 32);
        out[to + 64 + i] = scale * signed(bytes[group + 4]!) * (((a >> 4) | (((top >> 4) & 3) << 4)) - 32);
        out[to + 96 + i] = scale * signed(bytes[group + 6]!) * (((b >> 4) | ((top >> 6) << 4)) - 32);
      }
    }
  }
}

function signed(byte: number): number {
  return (byte << 24) >> 24;
}
