/** A packed file's text in a temporary file, where any byte can be reached at once. */
import { mkdtemp, open, rm, statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ProblemError } from '../../shared/problem';
import type { OnProblem } from '../loaders/datasetLoader';
import { BrokenCompression } from '../loaders/decodeText';
import { TextFile } from '../loaders/textFile';

export interface UnpackedCopy {
  file: TextFile;
  bytes: number;
  remove(): Promise<void>;
}

/** A small file can hold very much text: so much of the disk is left free, and looked for now and then. */
const KEEP_FREE_BYTES = 2 ** 30;
const LOOK_EVERY_BYTES = 2 ** 27;

/** Undefined where the disk has no room for it: rows are then read from the beginning each time. Throws the signal's reason. */
export async function unpackedCopy(file: TextFile, onProblem: OnProblem, signal: AbortSignal): Promise<UnpackedCopy | undefined> {
  const folder = await mkdtemp(join(tmpdir(), 'merlina-table-'));
  const remove = (): Promise<void> => rm(folder, { recursive: true, force: true });
  const path = join(folder, 'text');
  try {
    const { bytes, broken } = await writeText(file.chunks(0, onProblem, signal), path);
    return { file: new TextFile(file.name, file.layout, { path, ...(broken ? { broken } : {}) }), bytes, remove };
  } catch (error) {
    await remove();
    if (error instanceof NoRoom || (error as NodeJS.ErrnoException).code === 'ENOSPC') return undefined;
    throw error;
  }
}

class NoRoom extends Error {}

/** `broken` says why the text ended where it did. */
async function writeText(chunks: AsyncIterable<Buffer>, path: string): Promise<{ bytes: number; broken?: Error }> {
  const out = await open(path, 'w');
  let bytes = 0;
  let looked = -Infinity;
  try {
    for await (const chunk of chunks) {
      if (bytes - looked >= LOOK_EVERY_BYTES) {
        const { bavail, bsize } = await statfs(path);
        if (bavail * bsize < KEEP_FREE_BYTES) throw new NoRoom();
        looked = bytes;
      }
      await out.writeFile(chunk);
      bytes += chunk.length;
    }
    return { bytes };
  } catch (error) {
    if (error instanceof BrokenCompression || error instanceof ProblemError) return { bytes, broken: error };
    throw error;
  } finally {
    await out.close();
  }
}
