/** Decodes block-quantised (or permuted) tensors once into an F32 file that the engine can map; later openings find it ready. */
import { createHash, randomUUID } from 'node:crypto';
import { mkdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { problemError } from '../../shared/problem';
import type { TensorInfo } from '../../shared/tensors';
import { readSafetensors } from '../safetensors/read';
import { streamSafetensors } from '../safetensors/write';
import { needsDecoding, readTensor } from './readTensor';

/** Part of the key; raise it when decoding changes. */
const formatVersion = 1;

export interface ScratchOptions {
  /** Called after each decoded tensor. */
  readonly onProgress?: (done: number, total: number) => void;
  readonly signal?: AbortSignal;
}

/** The same tensors, those that need decoding replaced by F32 ranges of `dir/decoded-KEY.safetensors`. The key covers names, types, places and
 *  the source files' size and time, so an exchanged model never meets old values. Written beside and renamed; a complete file is reused. */
export async function decodeToScratch(tensors: Iterable<TensorInfo>, dir: string, options: ScratchOptions = {}): Promise<Map<string, TensorInfo>> {
  const all = new Map([...tensors].map(info => [info.name, info]));
  const encoded = [...all.values()].filter(needsDecoding);
  if (encoded.length === 0) return all;
  const path = join(dir, `decoded-${await scratchKey(encoded)}.safetensors`);
  const decoded = await openComplete(path, encoded) ?? await write(path, dir, encoded, options);
  for (const { name } of encoded) all.set(name, decoded(name));
  return all;
}

async function scratchKey(encoded: readonly TensorInfo[]): Promise<string> {
  const hash = createHash('sha256').update(`${formatVersion}\n`);
  for (const file of [...new Set(encoded.map(info => info.file))].sort()) {
    const { size, mtimeMs } = await stat(file);
    hash.update(JSON.stringify([file, size, mtimeMs]));
  }
  for (const { name, type, shape, offset, permutedHeads, addend } of [...encoded].sort((a, b) => (a.name < b.name ? -1 : 1)))
    hash.update(JSON.stringify([name, type, shape, offset, permutedHeads ?? null, addend ?? null]));
  return hash.digest('hex').slice(0, 32);
}

/** The file if it is there and whole; undefined where it must be written (again). */
async function openComplete(path: string, encoded: readonly TensorInfo[]): Promise<((name: string) => TensorInfo) | undefined> {
  try {
    const { entries, info } = await readSafetensors(path);
    return encoded.every(({ name, shape }) => entries.get(name)?.shape.join() === shape.join()) ? info : undefined;
  } catch {
    return undefined;
  }
}

async function write(path: string, dir: string, encoded: readonly TensorInfo[], { onProgress, signal }: ScratchOptions): Promise<(name: string) => TensorInfo> {
  await mkdir(dir, { recursive: true });
  const temporary = `${path}.${randomUUID()}.tmp`;
  const byName = new Map(encoded.map(info => [info.name, info]));
  let done = 0;
  try {
    await streamSafetensors(temporary, encoded.map(({ name, shape }) => ({ name, shape, type: 'F32' })), async name => {
      signal?.throwIfAborted();
      const values = await readTensor(byName.get(name)!);
      onProgress?.(++done, encoded.length);
      return values;
    });
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    if ((error as NodeJS.ErrnoException).code === 'ENOSPC') {
      const bytes = 4 * encoded.reduce((sum, { shape }) => sum + shape.reduce((product, size) => product * size, 1), 0);
      throw problemError('models/disk-full', `decoding the quantised weights to float32 takes ${Math.ceil(bytes / 2 ** 20)} MiB, and the disk is full.`,
        { where: { file: dir }, fix: { text: 'Free space there, or choose another data folder.' } }, error);
    }
    throw error;
  }
  return (await readSafetensors(path)).info;
}
