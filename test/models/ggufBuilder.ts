/** Writes GGUF files for tests: any metadata, any tensors, sound or not. */
import { writeFileSync } from 'node:fs';

export type MetadataInput = Record<string, string | boolean | number | { f32: number } | string[] | { i32: number[] } | { f32s: number[] }>;

export interface TensorInput {
  name: string;
  /** Row-major, as PyTorch states it. */
  shape: number[];
  /** ggml's number; 0 is F32. */
  type?: number;
  data: Uint8Array | Float32Array;
  /** Overrides the offset in the data section. */
  offset?: bigint;
}

export function ggufBytes(metadata: MetadataInput, tensors: TensorInput[], version = 3): Buffer {
  const parts: Buffer[] = [Buffer.from('GGUF'), u32(version), u64(tensors.length), u64(Object.keys(metadata).length)];
  for (const [key, value] of Object.entries(metadata)) parts.push(text(key), metadataValue(value));
  const blobs: Buffer[] = [];
  let offset = 0;
  for (const tensor of tensors) {
    const data = Buffer.from(tensor.data.buffer, tensor.data.byteOffset, tensor.data.byteLength), padded = Math.ceil(data.length / 32) * 32;
    parts.push(text(tensor.name), u32(tensor.shape.length), ...[...tensor.shape].reverse().map(u64), u32(tensor.type ?? 0), u64(tensor.offset ?? offset));
    blobs.push(data, Buffer.alloc(padded - data.length));
    offset += padded;
  }
  const header = Buffer.concat(parts);
  return Buffer.concat([header, Buffer.alloc((32 - (header.length % 32)) % 32), ...blobs]);
}

export function writeGguf(path: string, metadata: MetadataInput, tensors: TensorInput[]): string {
  writeFileSync(path, ggufBytes(metadata, tensors));
  return path;
}

function metadataValue(value: MetadataInput[string]): Buffer {
  if (typeof value === 'string') return Buffer.concat([u32(8), text(value)]);
  if (typeof value === 'boolean') return Buffer.concat([u32(7), Buffer.from([value ? 1 : 0])]);
  if (typeof value === 'number') return Buffer.concat([u32(4), u32(value)]);
  if (Array.isArray(value)) return Buffer.concat([u32(9), u32(8), u64(value.length), ...value.map(text)]);
  if ('f32' in value) return Buffer.concat([u32(6), f32(value.f32)]);
  if ('i32' in value) return Buffer.concat([u32(9), u32(5), u64(value.i32.length), ...value.i32.map(u32)]);
  return Buffer.concat([u32(9), u32(6), u64(value.f32s.length), ...value.f32s.map(f32)]);
}

function u32(value: number): Buffer {
  const out = Buffer.alloc(4);
  out.writeUInt32LE(value >>> 0);
  return out;
}

function u64(value: number | bigint): Buffer {
  const out = Buffer.alloc(8);
  out.writeBigUInt64LE(BigInt(value));
  return out;
}

function f32(value: number): Buffer {
  const out = Buffer.alloc(4);
  out.writeFloatLE(value);
  return out;
}

function text(value: string): Buffer {
  const bytes = Buffer.from(value);
  return Buffer.concat([u64(bytes.length), bytes]);
}
