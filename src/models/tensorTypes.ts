/** How each element type is stored: elements in a block and bytes a block takes. Source: ggml-common.h; gguf-py constants 0.19. */
import type { TensorType } from '../shared/tensors';

export interface BlockLayout { readonly elements: number; readonly bytes: number }

export const blockLayouts: Readonly<Record<TensorType, BlockLayout>> = {
  F32: { elements: 1, bytes: 4 },
  F16: { elements: 1, bytes: 2 },
  BF16: { elements: 1, bytes: 2 },
  Q8_0: { elements: 32, bytes: 34 },
  Q4_0: { elements: 32, bytes: 18 },
  Q4_1: { elements: 32, bytes: 20 },
  Q5_0: { elements: 32, bytes: 22 },
  Q5_1: { elements: 32, bytes: 24 },
  Q4_K: { elements: 256, bytes: 144 },
  Q5_K: { elements: 256, bytes: 176 },
  Q6_K: { elements: 256, bytes: 210 },
};

export const tensorTypes = Object.keys(blockLayouts) as readonly TensorType[];

/** Bytes that `elements` of a type take; a fraction where they do not fill whole blocks. */
export function byteLengthOf(type: TensorType, elements: number): number {
  const { elements: perBlock, bytes } = blockLayouts[type];
  return (elements / perBlock) * bytes;
}
