/** Q8_0: blocks of 32 as one float16 scale and 32 signed bytes; value = scale · q. Source: ggml-common.h, block_q8_0. */
import { float16Table } from '../../shared/float16';

export function decodeQ8_0(bytes: Uint8Array, out: Float32Array): void {
  const half = float16Table();
  for (let at = 0, o = 0; o < out.length; at += 34, o += 32) {
    const scale = half[bytes[at]! | (bytes[at + 1]! << 8)]!;
    for (let i = 0; i < 32; i++) out[o + i] = scale * ((bytes[at + 2 + i]! << 24) >> 24);
  }
}
