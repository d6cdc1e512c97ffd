/** Writes safetensors files byte for byte as the reference library lays them out: widest type first, then by name; header padded to 8. */
import { open } from 'node:fs/promises';
import { encodeBF16 } from '../../shared/float16';
import { elementCount } from '../../shared/tensors';

export interface TensorToWrite {
  readonly name: string;
  readonly shape: readonly number[];
  /** How it is stored; BF16 rounds to nearest even. */
  readonly type: 'F32' | 'BF16';
  readonly data: Float32Array;
}

/** Where a tensor goes; U8 holds codes. */
export interface TensorLayout extends Pick<TensorToWrite, 'name' | 'shape'> {
  readonly type: TensorToWrite['type'] | 'U8';
}

const ELEMENT_BYTES: Readonly<Record<TensorLayout['type'], number>> = { F32: 4, BF16: 2, U8: 1 };

/** Writes `path` in place and syncs it to disk: where a reader must never see half a file, write to a temporary name and rename. */
export async function writeSafetensors(path: string, tensors: readonly TensorToWrite[], metadata: Readonly<Record<string, string>> = {}): Promise<void> {
  const byName = new Map(tensors.map(tensor => [tensor.name, tensor]));
  await streamSafetensors(path, tensors, name => Promise.resolve(byName.get(name)!.data), metadata);
}

type Values = Float32Array | Uint8Array;

/** As writeSafetensors, asking for one tensor's values at a time, so that a whole model never lies in memory; a large tensor may come in pieces, in order. */
export async function streamSafetensors(
  path: string, layouts: readonly TensorLayout[], read: (name: string) => Promise<Values> | Iterable<Values>, metadata: Readonly<Record<string, string>> = {},
): Promise<void> {
  const ordered = fileOrder(layouts);
  const handle = await open(path, 'w');
  try {
    await handle.writeFile(safetensorsHeader(ordered, metadata));
    for (const { name, shape, type } of ordered) {
      const given = read(name);
      let count = 0;
      for (const data of given instanceof Promise ? [await given] : given) {
        const stored = type === 'BF16' && data instanceof Float32Array ? encodeBF16(data) : data;
        await handle.writeFile(new Uint8Array(stored.buffer, stored.byteOffset, stored.byteLength));
        count += data.length;
      }
      if (count !== elementCount(shape)) throw new RangeError(`${name}: ${count} values for shape [${shape.join(', ')}]`);
    }
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** The same bytes in memory, in pieces; F32 data as views of the arrays given. For writers that sync and hash by themselves. */
export function encodeSafetensors(tensors: readonly TensorToWrite[], metadata: Readonly<Record<string, string>> = {}): Uint8Array[] {
  const byName = new Map(tensors.map(tensor => [tensor.name, tensor]));
  const ordered = fileOrder(tensors);
  return [safetensorsHeader(ordered, metadata), ...ordered.map(({ name }) => {
    const { type, data } = byName.get(name)!;
    const stored = type === 'BF16' ? encodeBF16(data) : data;
    return new Uint8Array(stored.buffer, stored.byteOffset, stored.byteLength);
  })];
}

function fileOrder(layouts: readonly TensorLayout[]): TensorLayout[] {
  const width = (layout: TensorLayout): number => ELEMENT_BYTES[layout.type];
  return [...layouts].sort((a, b) => width(b) - width(a) || (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
}

function safetensorsHeader(ordered: readonly TensorLayout[], metadata: Readonly<Record<string, string>>): Uint8Array {
  // Joined as text: an object would put names that look like numbers first.
  const parts: string[] = Object.keys(metadata).length > 0 ? [`"__metadata__":${JSON.stringify(metadata)}`] : [];
  let begin = 0;
  for (const { name, shape, type } of ordered) {
    const end = begin + elementCount(shape) * ELEMENT_BYTES[type];
    parts.push(`${JSON.stringify(name)}:${JSON.stringify({ dtype: type, shape, data_offsets: [begin, end] })}`);
    begin = end;
  }
  const json = Buffer.from(`{${parts.join(',')}}`);
  const padded = Math.ceil(json.byteLength / 8) * 8;
  const header = Buffer.alloc(8 + padded, ' ');
  header.writeBigUInt64LE(BigInt(padded), 0);
  json.copy(header, 8);
  return header;
}
