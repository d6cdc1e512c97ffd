/**
 * Tokenised rows kept for the next run, one file for each set of rows and options that decide them:
 *
 *     length of head, uint32 LE │ head, JSON │ rows as int32 LE (rowCodec.ts)
 *
 * Files are written beside and renamed, and their hash is checked, so a file that was cut off, or is written by another process, is never read as rows.
 */
import { createHash, randomUUID } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import type { Pace } from '../pace';

/** All that the folder may hold; the sets unused for longest go first. */
const FOLDER_BYTES = 4 * 2 ** 30;
const INTEGERS_OF_CHUNK = 2 ** 20;
const SUFFIX = '.rows';

export interface CachedSet<Head> {
  head: Head;
  rows: Int32Array;
}

export class TokenCache<Head> {
  constructor(private readonly folder: string, private readonly limitBytes = FOLDER_BYTES) {}

  /** Undefined where the set is not there, or not whole. */
  async read(key: string): Promise<CachedSet<Head> | undefined> {
    const path = this.path(key);
    try {
      const bytes = await readFile(path);
      const begin = 4 + bytes.readUInt32LE(0);
      const { sha256, head } = JSON.parse(bytes.toString('utf8', 4, begin)) as { sha256: string; head: Head };
      const rows = bytes.subarray(begin);
      if (createHash('sha256').update(rows).digest('hex') !== sha256) return undefined;
      const now = new Date();
      await utimes(path, now, now);
      return { head, rows: new Int32Array(rows.buffer.slice(rows.byteOffset, rows.byteOffset + rows.byteLength)) };
    } catch {
      return undefined;
    }
  }

  /** Never fails a run: a full or read-only disk keeps nothing. `rows` are written one after another. */
  async write(key: string, head: Head, rows: readonly Int32Array[], sha256: string, pace: Pace): Promise<void> {
    const integers = rows.reduce((sum, row) => sum + row.length, 0);
    if (4 * integers > this.limitBytes / 2) return;
    const temporary = join(this.folder, `${key}.${randomUUID()}.tmp`);
    try {
      await mkdir(this.folder, { recursive: true });
      const file = await open(temporary, 'w');
      try {
        const text = Buffer.from(JSON.stringify({ sha256, head }));
        const length = Buffer.alloc(4);
        length.writeUInt32LE(text.length);
        await file.writev([length, text]);
        let done = 0;
        for (const chunk of chunks(rows)) {
          await file.write(chunk);
          await pace.step('cache', done += chunk.byteLength, 4 * integers);
        }
      } finally {
        await file.close();
      }
      await rename(temporary, this.path(key));
      await this.prune();
    } catch (error) {
      await rm(temporary, { force: true }).catch(() => undefined);
      if ((error as NodeJS.ErrnoException).code === undefined || (error as Error).name === 'AbortError') throw error;
    }
  }

  private path(key: string): string {
    return join(this.folder, `${key}${SUFFIX}`);
  }

  private async prune(): Promise<void> {
    const files = await Promise.all((await readdir(this.folder)).filter(name => name.endsWith(SUFFIX)).map(async name => {
      const path = join(this.folder, name);
      const found = await stat(path).catch(() => undefined);
      return { path, bytes: found?.size ?? 0, used: found?.mtimeMs ?? 0 };
    }));
    let bytes = files.reduce((sum, file) => sum + file.bytes, 0);
    for (const file of files.sort((a, b) => a.used - b.used)) {
      if (bytes <= this.limitBytes) return;
      await rm(file.path, { force: true });
      bytes -= file.bytes;
    }
  }
}

/** The integers in pieces that are worth a write each. */
function* chunks(rows: readonly Int32Array[]): Generator<Uint8Array> {
  let [parts, count]: [Int32Array[], number] = [[], 0];
  for (const row of rows) {
    parts.push(row);
    count += row.length;
    if (count < INTEGERS_OF_CHUNK) continue;
    yield joined(parts);
    [parts, count] = [[], 0];
  }
  if (count > 0) yield joined(parts);
}

function joined(parts: readonly Int32Array[]): Uint8Array {
  return Buffer.concat(parts.map(part => new Uint8Array(part.buffer, part.byteOffset, part.byteLength)));
}
