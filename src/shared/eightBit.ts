/** Weights for products in 8 bits: symmetric codes, one scale for each column of the matrix that is multiplied with. */
import type { EightBitMatrix } from './tensors';

/** A weight [out,in] is multiplied with in two ways: x·Wᵀ in the forward, dy·W in the backward. Each has codes of its own, scaled by its own columns. */
export type ProductDirection = 'forward' | 'backward';

/** Largest code. 127 fills 8 bits; 63 is for processors that add up two products in 16 bits: 2 · 255 · 63 still fits there, 2 · 255 · 127 does not. */
export type CodeLevels = 127 | 63;

export interface EightBitCodes {
  /** value ≈ code · scale of its column, [N]. */
  scales: Float32Array;
  /** Row by row, [K·N]. */
  codes: Int8Array;
}

/** Shape [K,N] of what is multiplied with, for a weight [out,in]. */
export function productShape([out, inner]: readonly number[], direction: ProductDirection): [number, number] {
  return direction === 'forward' ? [inner!, out!] : [out!, inner!];
}

/** A weight [out,in] → its transpose in codes ("forward"), or itself ("backward"). */
export function encodeEightBit(weight: Float32Array, [out, inner]: readonly [number, number], direction: ProductDirection, levels: CodeLevels): EightBitCodes {
  const isForward = direction === 'forward';
  const scales = new Float32Array(isForward ? out : inner);
  for (let row = 0, at = 0; row < out; row++)
    for (let column = 0; column < inner; column++, at++) {
      const owner = isForward ? row : column;
      scales[owner] = Math.max(scales[owner]!, Math.abs(weight[at]!));
    }
  scales.forEach((largest, i) => { scales[i] = largest / levels; });
  const codes = new Int8Array(weight.length);
  for (let row = 0, at = 0; row < out; row++)
    for (let column = 0; column < inner; column++, at++) {
      // A column of zeros has scale 0 and codes 0.
      const scale = scales[isForward ? row : column]! || 1;
      codes[isForward ? column * out + row : at] = Math.round(weight[at]! / scale);
    }
  return { scales, codes };
}

/** As they lie in a file: scales, then codes, padded so that scales of what follows lie on whole words. */
export function eightBitBytes([rows, columns]: readonly [number, number]): number {
  return 4 * columns + 4 * Math.ceil((rows * columns) / 4);
}

export function layEightBit({ scales, codes }: EightBitCodes): Uint8Array {
  const bytes = new Uint8Array(scales.byteLength + 4 * Math.ceil(codes.length / 4));
  bytes.set(new Uint8Array(scales.buffer, scales.byteOffset, scales.byteLength));
  bytes.set(new Uint8Array(codes.buffer, codes.byteOffset, codes.byteLength), scales.byteLength);
  return bytes;
}

/** Where codes begin in the file. */
export function codesOffset({ offset, shape: [, columns] }: EightBitMatrix): number {
  return offset + 4 * columns;
}
