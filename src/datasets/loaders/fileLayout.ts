/** What a file is, told from its content first and its name second. */
import { open } from 'node:fs/promises';
import { problemError } from '../../shared/problem';
import type { Problem } from '../../shared/problem';

export type FileFormat = 'json' | 'jsonl';

export interface FileLayout {
  format: FileFormat;
  /** Bytes of the file before its text: a byte order mark. */
  begin: number;
  bytes: number;
  /** Worth a word: a name that says something else than the content. */
  notes: Problem[];
}

/** Bytes looked at. */
const HEAD_BYTES = 64 * 1024;
const BOM = Buffer.from([0xef, 0xbb, 0xbf]);

/** `named` is the format that the recipe names; null tells it from the content. `field` is the recipe's key. Problems: dataset/no-such-file. */
export async function readLayout(file: string, named: FileFormat | null, field: string): Promise<FileLayout> {
  const handle = await open(file).catch(() => undefined);
  try {
    const found = await handle?.stat();
    if (!handle || !found?.isFile()) throw noSuchFile(file, found !== undefined, field);
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
    const head = buffer.subarray(0, bytesRead);
    const begin = head.subarray(0, BOM.length).equals(BOM) ? BOM.length : 0;
    const isList = head.toString('utf8', begin).trimStart().startsWith('[');
    return { format: isList && named !== 'jsonl' ? 'json' : 'jsonl', begin, bytes: found.size, notes: [] };
  } finally {
    await handle?.close();
  }
}

function noSuchFile(file: string, exists: boolean, field: string): Error {
  return problemError('dataset/no-such-file', exists ? 'The dataset is a folder, not a file.' : 'There is no such dataset file.',
    { where: { file, field }, fix: { text: `Set ${field} to a JSON or JSONL file; a relative path counts from the recipe's folder.` } });
}
