/** Reads a byte range of a file; a file that ends earlier than its header says is a Problem, a missing one too. */
import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { problemError } from '../shared/problem';

/** Largest single read: Node and some systems stop at 2^31 − 1 bytes. */
const maxReadBytes = 2 ** 30;

export async function readFileRange(file: string, offset: number, byteLength: number, what?: string): Promise<Uint8Array> {
  const handle = await open(file, 'r').catch(error => { throw unreadable(file, error); });
  try {
    return await readRange(handle, file, offset, byteLength, what);
  } finally {
    await handle.close();
  }
}

/** As readFileRange, on a file that is already open. `what` names the tensor in the Problem. */
export async function readRange(handle: FileHandle, file: string, offset: number, byteLength: number, what?: string): Promise<Uint8Array> {
  const bytes = new Uint8Array(byteLength);
  for (let done = 0; done < byteLength;) {
    const { bytesRead } = await handle.read(bytes, done, Math.min(byteLength - done, maxReadBytes), offset + done);
    if (bytesRead === 0)
      throw problemError('models/truncated-file', `the file ends at byte ${offset + done}, but bytes ${offset} to ${offset + byteLength} are needed.`,
        { where: { file, field: what }, fix: { text: 'Copy or download the file again.' } });
    done += bytesRead;
  }
  return bytes;
}

/** A missing or unreadable file as a Problem; anything else as it is. */
export function unreadable(file: string, error: unknown): unknown {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === 'ENOENT') return problemError('models/missing-file', 'the file does not exist.', { where: { file }, fix: { text: 'Check the path, or download the model again.' } }, error);
  if (code === 'EACCES' || code === 'EPERM') return problemError('models/unreadable-file', 'the file may not be read by this user.', { where: { file }, fix: { text: 'Give yourself permission to read it.' } }, error);
  if (code === 'EISDIR') return problemError('models/unreadable-file', 'this is a folder, a file is needed.', { where: { file } }, error);
  return error;
}
