/** Q5_0 and Q5_1: as Q4, with each code's fifth bit in a 32-bit word. Source: ggml-common.h, block_q5_0, block_q5_1. */
import { float16Table } from '../../shared/float16';

/** [scale f16][32 high bits][16 bytes of codes]; value = scale · (q − 16). */
export function decodeQ5_0(bytes: Uint8Array, out: Float32Array): void {
  const half = float16Table();
  for (let at = 0, o = 0; o < out.length; at += 22, o += 32) {
    const scale = half[bytes[at]! | (bytes[at + 1]! << 8)]!, high = wordAt(bytes, at + 2);
    for (let i = 0; i < 16; i++) {
      const codes = bytes[at + 6 + i]!;
      out[o + i] = scale * (((codes & 15) | (((high >>> i) & 1) << 4)) - 16);
      out[o + 16 + i] = scale * (((codes >> 4) | (((high >>> (i + 16)) & 1) << 4)) - 16);
    }
  }
}

/** [scale f16][minimum f16][32 high bits][16 bytes of codes]; value = scale · q + minimum. */
export function decodeQ5_1(bytes: Uint8Array, out: Float32Array): void {
  const half = float16Table();
  for (let at = 0, o = 0; o < out.length; at += 24, o += 32) {
    const scale = half[bytes[at]! | (bytes[at + 1]! << 8)]!, minimum = half[bytes[at + 2]! | (bytes[at + 3]! << 8)]!;
    const high = wordAt(bytes, at + 4);
    for (let i = 0; i < 16; i++) {
      const codes = bytes[at + 8 + i]!;
      out[o + i] = scale * ((codes & 15) | (((high >>> i) & 1) << 4)) + minimum;
      out[o + 16 + i] = scale * ((codes >> 4) | (((high >>> (i + 16)) & 1) << 4)) + minimum;
    }
  }
}

function wordAt(bytes: Uint8Array, at: number): number {
  return bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);
}
