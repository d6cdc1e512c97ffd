/** Compares our block decoding with llama.cpp's, case by case, for `merlina parity`. */
import type { TensorType } from '../../shared/tensors';
import { tensorTypes } from '../tensorTypes';
import { decodeTensor } from './decodeTensor';

/** blocks.json: by type name, packed bytes and their decoded float32 values, both base64. */
export type BlockFixture = Record<string, { rows: number; columns: number; packed: string; decoded: string }>;

export interface BlockParity {
  readonly name: string;
  /** True for a type that we do not read: nothing was compared. */
  readonly skipped?: boolean;
  readonly ok: boolean;
  /** Largest difference over the largest value. */
  readonly error: number;
  readonly detail?: string;
}

/** Largest difference allowed, as a fraction of the largest value. */
export const blockTolerance = 1e-6;

export function ggufBlockParity(fixture: BlockFixture): BlockParity[] {
  return Object.entries(fixture).map(([type, { rows, columns, packed, decoded }]) => {
    const name = `gguf/blocks/${type}`;
    if (!isTensorType(type)) return { name, ok: true, skipped: true, error: 0, detail: `type not supported (supported: ${tensorTypes.join(', ')})` };
    const bytes = Buffer.from(decoded, 'base64');
    const expected = new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
    const error = relativeError(decodeTensor(type, Buffer.from(packed, 'base64'), rows * columns), expected);
    return { name, ok: error <= blockTolerance, error, detail: `largest difference ${error.toExponential(1)} of the largest value, tolerance ${blockTolerance}` };
  });
}

function relativeError(actual: Float32Array, expected: Float32Array): number {
  let largest = 0, difference = actual.length === expected.length ? 0 : Infinity;
  expected.forEach((value, i) => {
    largest = Math.max(largest, Math.abs(value));
    difference = Math.max(difference, Math.abs(value - (actual[i] ?? NaN)) || (Number.isNaN(actual[i] ?? NaN) !== Number.isNaN(value) ? Infinity : 0));
  });
  return largest === 0 ? difference : difference / largest;
}

function isTensorType(type: string): type is TensorType {
  return (tensorTypes as readonly string[]).includes(type);
}
