/** Q4_0 and Q4_1: blocks of 32 four-bit codes; low nibbles are elements 0–15, high nibbles 16–31. Source: ggml-common.h, block_q4_0, block_q4_1. */
import { float16Table } from '../../shared/float16';

/** [scale f16][16 bytes of codes]; value = scale · (q − 8). */
export function decodeQ4_0(bytes: Uint8Array, out: Float32Array): void {
  const half = float16Table();
  for (let at = 0, o = 0; o < out.length; at += 18, o += 32) {
    const scale = half[bytes[at]! | (bytes[at + 1]! << 8)]!;
    for (let i = 0; i < 16; i++) {
      const codes = bytes[at + 2 + i]!;
      out[o + i] = scale * ((codes & 15) - 8);
      out[o + 16 + i] = scale * ((codes >> 4) - 8);
    }
  }
}

/** [scale f16][minimum f16][16 bytes of codes]; value = scale · q + minimum. */
export function decodeQ4_1(bytes: Uint8Array, out: Float32Array): void {
  const half = float16Table();
  for (let at = 0, o = 0; o < out.length; at += 20, o += 32) {
    const scale = half[bytes[at]! | (bytes[at + 1]! << 8)]!, minimum = half[bytes[at + 2]! | (bytes[at + 3]! << 8)]!;
    for (let i = 0; i < 16; i++) {
      const codes = bytes[at + 4 + i]!;
      out[o + i] = scale * (codes & 15) + minimum;
      out[o + 16 + i] = scale * (codes >> 4) + minimum;
    }
  }
}
