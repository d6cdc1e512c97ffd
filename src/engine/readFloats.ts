/** Reads a float tensor from its file as float32, for tensors that train whole. */
import { open } from 'node:fs/promises';
import type { TensorInfo } from '../shared/tensors';

export async function readFloats({ name, type, file, offset, byteLength }: TensorInfo): Promise<Float32Array> {
  const bytes = new Uint8Array(byteLength);
  const handle = await open(file, 'r');
  try {
    const { bytesRead } = await handle.read(bytes, 0, byteLength, offset);
    if (bytesRead !== byteLength) throw new Error(`${file}: ${bytesRead} of ${byteLength} bytes of ${name} could be read`);
  } finally {
    await handle.close();
  }
  if (type === 'F32') return new Float32Array(bytes.buffer);
  const halves = new Uint16Array(bytes.buffer);
  if (type === 'BF16') {
    const bits = Uint32Array.from(halves, half => half << 16);
    return new Float32Array(bits.buffer);
  }
  if (type === 'F16') return Float32Array.from(halves, halfToFloat);
  throw new Error(`readFloats: ${name} is ${type}; decode it first`);
}

function halfToFloat(half: number): number {
  const sign = half & 0x8000 ? -1 : 1;
  const exponent = (half >> 10) & 0x1f;
  const fraction = half & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction ? NaN : sign * Infinity;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}
