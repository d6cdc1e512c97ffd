/** Tensors worked out of a model's own, kept in a safetensors file of the cache: written once, found ready at later openings. */
import { createHash, randomUUID } from 'node:crypto';
import { mkdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { problemError } from '../../shared/problem';
import { elementCount, type TensorInfo } from '../../shared/tensors';
import { readSafetensors } from '../safetensors/read';
import type { SafetensorsFile } from '../safetensors/read';
import { streamSafetensors } from '../safetensors/write';
import type { TensorLayout } from '../safetensors/write';

export interface ScratchOptions {
  /** Called after each tensor of the model that was worked out. */
  readonly onProgress?: (done: number, total: number) => void;
  readonly signal?: AbortSignal;
}

export interface ScratchContent {
  /** What is worked out, in a word: begins the file's name. */
  readonly kind: string;
  /** Part of the key; raise it when the working out changes. */
  readonly version: number;
  readonly sources: readonly TensorInfo[];
  readonly layouts: readonly TensorLayout[];
  readonly make: (name: string) => Promise<Float32Array | Uint8Array>;
}

/** `dir/KIND-KEY.safetensors`. The key covers names, types, places and the source files' size and time, so an exchanged model never meets old
 *  values. Written beside and renamed; a complete file is reused. */
export async function scratchFile(dir: string, content: ScratchContent, signal?: AbortSignal): Promise<SafetensorsFile> {
  const path = join(dir, `${content.kind}-${await scratchKey(content)}.safetensors`);
  return await openComplete(path, content.layouts) ?? await write(path, dir, content, signal);
}

async function scratchKey({ version, sources }: ScratchContent): Promise<string> {
  const hash = createHash('sha256').update(`${version}\n`);
  for (const file of [...new Set(sources.map(info => info.file))].sort()) {
    const { size, mtimeMs } = await stat(file);
    hash.update(JSON.stringify([file, size, mtimeMs]));
  }
  for (const { name, type, shape, offset, permutedHeads, addend } of [...sources].sort((a, b) => (a.name < b.name ? -1 : 1)))
    hash.update(JSON.stringify([name, type, shape, offset, permutedHeads ?? null, addend ?? null]));
  return hash.digest('hex').slice(0, 32);
}

/** The file if it is there and whole; undefined where it must be written (again). */
async function openComplete(path: string, layouts: readonly TensorLayout[]): Promise<SafetensorsFile | undefined> {
  try {
    const file = await readSafetensors(path);
    return layouts.every(({ name, shape }) => file.entries.get(name)?.shape.join() === shape.join()) ? file : undefined;
  } catch {
    return undefined;
  }
}

async function write(path: string, dir: string, { layouts, make }: ScratchContent, signal: AbortSignal | undefined): Promise<SafetensorsFile> {
  await mkdir(dir, { recursive: true });
  const temporary = `${path}.${randomUUID()}.tmp`;
  try {
    await streamSafetensors(temporary, layouts, name => {
      signal?.throwIfAborted();
      return make(name);
    });
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    if ((error as NodeJS.ErrnoException).code === 'ENOSPC') {
      const bytes = layouts.reduce((sum, { shape, type }) => sum + elementCount(shape) * (type === 'F32' ? 4 : 1), 0);
      throw problemError('models/disk-full', `The weights that are kept ready for the engine take ${Math.ceil(bytes / 2 ** 20)} MiB, and the disk is full.`,
        { where: { file: dir }, fix: { text: 'Free space there, or choose another folder with MERLINA_CACHE.' } }, error);
    }
    throw error;
  }
  return readSafetensors(path);
}
