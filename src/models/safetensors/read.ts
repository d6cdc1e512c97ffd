/** A safetensors file, opened: header checked, tensors read one at a time when asked for (adapters, checkpoints, reference figures). */
import { realpath } from 'node:fs/promises';
import { problemError } from '../../shared/problem';
import { elementCount, type TensorInfo, type TensorType } from '../../shared/tensors';
import { decodeTensor } from '../decode/decodeTensor';
import { readFileRange, unreadable } from '../fileRange';
import { readSafetensorsHeader } from './header';
import type { SafetensorsEntry } from './header';

const floatTypes: readonly TensorType[] = ['F32', 'F16', 'BF16'];

export interface SafetensorsFile {
  readonly file: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly entries: ReadonlyMap<string, SafetensorsEntry>;
  /** A tensor's place, for mapping. Problem where it is absent or not F32, F16 or BF16. */
  info(name: string): TensorInfo;
  /** Values of a floating-point tensor, in float32. */
  read(name: string): Promise<Float32Array>;
  /** Values of a BOOL, U8, I8, I16, I32 or I64 tensor. */
  readIntegers(name: string): Promise<number[]>;
}

export async function readSafetensors(path: string): Promise<SafetensorsFile> {
  const file = await realpath(path).catch(error => { throw unreadable(path, error); });
  const header = await readSafetensorsHeader(file);
  const entries = new Map(header.entries.map(entry => [entry.name, entry]));
  const entry = (name: string): SafetensorsEntry => {
    const found = entries.get(name);
    if (!found) throw problemError('models/missing-tensor', 'the file holds no tensor of this name.', { where: { file, field: name } });
    return found;
  };
  const info = (name: string): TensorInfo => tensorInfoOf(file, entry(name));
  return {
    file, metadata: header.metadata, entries, info,
    read: async name => {
      const { type, shape, offset, byteLength } = info(name);
      return decodeTensor(type, await readFileRange(file, offset, byteLength, name), elementCount(shape));
    },
    readIntegers: async name => integers(file, entry(name)),
  };
}

/** An entry as TensorInfo; a type that cannot be trained on is a Problem. */
export function tensorInfoOf(file: string, { name, type, shape, offset, byteLength }: SafetensorsEntry): TensorInfo {
  const known = floatTypes.find(candidate => candidate === type);
  if (!known) throw problemError('models/unsupported-type', `its type is ${type}. Supported in safetensors: ${floatTypes.join(', ')}.`,
    { where: { file, field: name }, fix: { text: 'Use the model in one of these types (not a quantised copy).' } });
  return { name, type: known, shape, file, offset, byteLength };
}

async function integers(file: string, { name, type, offset, byteLength }: SafetensorsEntry): Promise<number[]> {
  const { buffer } = await readFileRange(file, offset, byteLength, name);
  switch (type) {
    case 'BOOL': case 'U8': return [...new Uint8Array(buffer)];
    case 'I8': return [...new Int8Array(buffer)];
    case 'I16': return [...new Int16Array(buffer)];
    case 'I32': return [...new Int32Array(buffer)];
    case 'I64': return Array.from(new BigInt64Array(buffer), Number);
    default: throw problemError('models/unsupported-type', `its type is ${type}; whole numbers are needed.`, { where: { file, field: name } });
  }
}
