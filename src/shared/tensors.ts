/** A tensor that lies in a file: its type, shape and bytes. Spoken by models (which finds them) and engine (which maps them). */

/** Element types of safetensors and GGUF files that can be read. The block types are GGUF's. */
export type TensorType = 'F32' | 'F16' | 'BF16' | 'Q8_0' | 'Q4_0' | 'Q4_1' | 'Q5_0' | 'Q5_1' | 'Q4_K' | 'Q5_K' | 'Q6_K';

export interface TensorInfo {
  readonly name: string;
  readonly type: TensorType;
  /** Row-major, as PyTorch states it: a linear weight is [out, in]. */
  readonly shape: readonly number[];
  /** Absolute path of the file, symbolic links resolved. */
  readonly file: string;
  /** Byte range in `file`: [offset, offset + byteLength). */
  readonly offset: number;
  readonly byteLength: number;
  /** Set where a GGUF stores q or k rows interleaved for llama's rope: row order must be undone with this many heads on decoding. */
  readonly permutedHeads?: number;
  /** Added to every value on decoding: -1 for norms of Gemma GGUFs, which store 1 + w. */
  readonly addend?: number;
}

/** A weight made smaller for training (shared/nf4.ts): codes at `offset`, padded to whole blocks, and one float32 scale a block at `scalesOffset`. */
export interface PackedTensor extends Omit<TensorInfo, 'type' | 'permutedHeads' | 'addend'> {
  readonly type: 'NF4';
  readonly scalesOffset: number;
}

/** What the engine can map. */
export type MappableTensor = TensorInfo | PackedTensor;

/** A matrix [K,N] in codes of 8 bits, as shared/eightBit.ts lays it out. */
export interface EightBitMatrix {
  readonly shape: readonly [number, number];
  readonly file: string;
  readonly offset: number;
}

/** What stands in for a weight where it is multiplied with; undefined where that product stays in float32. */
export interface EightBitWeight {
  readonly forward?: EightBitMatrix;
  readonly backward?: EightBitMatrix;
}

/** Number of elements; exact, or not a safe integer where a hostile shape overflows. */
export function elementCount(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}
