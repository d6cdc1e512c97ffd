/** Stored bytes of any supported type to float32. */
import type { TensorType } from '../../shared/tensors';
import { byteLengthOf } from '../tensorTypes';
import { decodeBF16, decodeF16 } from '../../shared/float16';
import { decodeQ4_0, decodeQ4_1 } from './q4';
import { decodeQ4_K, decodeQ5_K } from './q45K';
import { decodeQ5_0, decodeQ5_1 } from './q5';
import { decodeQ6_K } from './q6K';
import { decodeQ8_0 } from './q8_0';

/** Fills `out` (whole blocks) from `bytes`, which starts at an even offset of its buffer for the two-byte types. */
type Decoder = (bytes: Uint8Array, out: Float32Array) => void;

const decoders: Readonly<Record<TensorType, Decoder>> = {
  F32: (bytes, out) => new Uint8Array(out.buffer, out.byteOffset, out.byteLength).set(bytes),
  F16: decodeF16, BF16: decodeBF16,
  Q8_0: decodeQ8_0, Q4_0: decodeQ4_0, Q4_1: decodeQ4_1, Q5_0: decodeQ5_0, Q5_1: decodeQ5_1,
  Q4_K: decodeQ4_K, Q5_K: decodeQ5_K, Q6_K: decodeQ6_K,
};

/** `elements` values in storage order. Equal to gguf-py's dequantize to 1e-6 of the largest value. Throws RangeError where bytes and elements disagree. */
export function decodeTensor(type: TensorType, bytes: Uint8Array, elements: number): Float32Array {
  const expected = byteLengthOf(type, elements);
  if (bytes.byteLength !== expected) throw new RangeError(`${elements} elements of ${type} take ${expected} bytes, got ${bytes.byteLength}`);
  const aligned = bytes.byteOffset % 2 === 0 ? bytes : bytes.slice();
  const out = new Float32Array(elements);
  decoders[type](aligned, out);
  return out;
}
