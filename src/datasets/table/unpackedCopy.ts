/** A packed file's text in a temporary file, where any byte can be reached at once. */
import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { OnProblem } from '../loaders/datasetLoader';
import { BrokenCompression } from '../loaders/decodeText';
import { TextFile } from '../loaders/textFile';
import type { UnpackedText } from '../loaders/textFile';
import { ProblemError } from '../../shared/problem';

export interface UnpackedCopy {
  file: TextFile;
  bytes: number;
  remove(): Promise<void>;
}

/** Undefined where the disk is full: rows are then read from the beginning each time. Throws the signal's reason. */
export async function unpackedCopy(file: TextFile, onProblem: OnProblem, signal: AbortSignal): Promise<UnpackedCopy | undefined> {
  const folder = await mkdtemp(join(tmpdir(), 'merlina-table-'));
  const remove = (): Promise<void> => rm(folder, { recursive: true, force: true });
  try {
    const unpacked: UnpackedText = { path: join(folder, 'text') };
    let bytes = 0;
    const out = await open(unpacked.path, 'w');
    try {
      for await (const chunk of file.chunks(0, onProblem, signal)) {
        await out.writeFile(chunk);
        bytes += chunk.length;
      }
    } catch (error) {
      if (!(error instanceof BrokenCompression || error instanceof ProblemError)) throw error;
      unpacked.broken = error;
    } finally {
      await out.close();
    }
    return { file: new TextFile(file.name, file.layout, unpacked), bytes, remove };
  } catch (error) {
    await remove();
    if ((error as NodeJS.ErrnoException).code === 'ENOSPC') return undefined;
    throw error;
  }
}
