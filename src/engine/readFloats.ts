/** Reads a float tensor from its file as float32, for tensors that train whole. */
import { open } from 'node:fs/promises';
import { decodeBF16, decodeF16 } from '../shared/float16';
import type { MappableTensor } from '../shared/tensors';

export async function readFloats({ name, type, file, offset, byteLength }: MappableTensor): Promise<Float32Array> {
  const bytes = new Uint8Array(byteLength);
  const handle = await open(file, 'r');
  try {
    const { bytesRead } = await handle.read(bytes, 0, byteLength, offset);
    if (bytesRead !== byteLength) throw new Error(`${file}: ${bytesRead} of ${byteLength} bytes of ${name} could be read`);
  } finally {
    await handle.close();
  }
  if (type === 'F32') return new Float32Array(bytes.buffer);
  const decode = type === 'F16' ? decodeF16 : type === 'BF16' ? decodeBF16 : undefined;
  if (!decode) throw new Error(`readFloats: ${name} is ${type}; decode it first`);
  const values = new Float32Array(byteLength / 2);
  decode(bytes, values);
  return values;
}
