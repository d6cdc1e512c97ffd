/** Uploaded files, kept in a folder: UPLOAD_ID/{upload.json, the file under its own name}. An upload is there whole or not at all. */
import { createHash, randomUUID } from 'node:crypto';
import { mkdir, open, readFile, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { problemError } from '../../shared/problem';
import type { Where } from '../../shared/problem';

const MEBIBYTE = 2 ** 20;
/** Merlina's MAX_UPLOAD_SIZE_MB. */
export const DEFAULT_UPLOAD_LIMIT_BYTES = 500 * MEBIBYTE;
/** What an upload that broke off left is removed after this long; until then it may still be going on. */
const ABANDONED_AFTER_MS = 24 * 60 * 60 * 1000;
const LONGEST_NAME = 150;

const RECORD = 'upload.json', PARTIAL = '.partial-';
const idPattern = /^upload_\d{8}_\d{6}_[0-9a-f]{8}$/;
const recordSchema = z.object({ name: z.string(), file: z.string(), size_bytes: z.number(), uploaded_at: z.string() });

export interface Upload {
  /** As Merlina's: upload_YYYYMMDD_HHMMSS_, and the first 8 letters of the content's hash. */
  dataset_id: string;
  /** As it was called where it came from. */
  name: string;
  /** Where it lies now. */
  file: string;
  size_bytes: number;
  /** ISO 8601, UTC. */
  uploaded_at: string;
}

/** MAX_UPLOAD_SIZE_MB in bytes, where it is a number; else 500 MiB. */
export function uploadLimitBytes(environment: Readonly<Record<string, string | undefined>>): number {
  const megabytes = Number(environment.MAX_UPLOAD_SIZE_MB ?? '');
  return megabytes > 0 ? megabytes * MEBIBYTE : DEFAULT_UPLOAD_LIMIT_BYTES;
}

export class UploadStore {
  /** The folder is made with the first upload. */
  constructor(private readonly folder: string) {}

  /** Keeps a file's content under a new id. Problems: dataset/upload-too-large, of which nothing is kept. */
  async store(name: string, content: AsyncIterable<Uint8Array>, limitBytes: number, now = new Date()): Promise<Upload> {
    await mkdir(this.folder, { recursive: true });
    await this.removeAbandoned(now);
    const partial = join(this.folder, `${PARTIAL}${randomUUID()}`), file = safeName(name);
    await mkdir(partial);
    try {
      const { sizeBytes, hash } = await write(join(partial, file), content, limitBytes, name);
      const stamp = now.toISOString().replace(/[-:]/g, '').replace('T', '_').slice(0, 15), id = `upload_${stamp}_${hash.slice(0, 8)}`;
      const record = { name, file, size_bytes: sizeBytes, uploaded_at: now.toISOString() };
      await writeFile(join(partial, RECORD), JSON.stringify(record));
      // The same content in the same second is the same upload.
      await rename(partial, join(this.folder, id)).catch(async error => { if (!await this.find(id)) throw error; });
      return { ...record, dataset_id: id, file: join(this.folder, id, file) };
    } finally {
      await rm(partial, { recursive: true, force: true });
    }
  }

  /** Newest first. */
  async list(): Promise<Upload[]> {
    const names = await readdir(this.folder).catch(() => []);
    const found = await Promise.all(names.map(name => this.find(name)));
    return found.filter(upload => upload !== undefined).sort((a, b) => (a.uploaded_at < b.uploaded_at ? 1 : -1));
  }

  /** Problems: dataset/no-such-upload. `where` says who asks. */
  async read(id: string, where?: Where): Promise<Upload> {
    const upload = await this.find(id);
    if (upload) return upload;
    const others = (await this.list()).map(({ dataset_id, name }) => `${dataset_id} (${name})`);
    throw problemError('dataset/no-such-upload', `There is no upload "${id}". There is: ${others.length === 0 ? 'none' : others.slice(0, 5).join(', ')}.`,
      { ...(where && { where }), fix: { text: 'Upload the file again, or name it with source_type "local_file".' } });
  }

  /** Whether it was there. */
  async delete(id: string): Promise<boolean> {
    if (!await this.find(id)) return false;
    // Renamed first, so that it is gone at once and whole.
    const gone = join(this.folder, `${PARTIAL}${randomUUID()}`);
    await rename(join(this.folder, id), gone);
    await rm(gone, { recursive: true, force: true });
    return true;
  }

  private async find(id: string): Promise<Upload | undefined> {
    if (!idPattern.test(id)) return undefined;
    const text = await readFile(join(this.folder, id, RECORD), 'utf8').catch(() => undefined);
    if (text === undefined) return undefined;
    const { success, data } = recordSchema.safeParse(parseJson(text));
    if (!success || safeName(data.file) !== data.file) return undefined;
    const file = join(this.folder, id, data.file);
    return await stat(file).then(found => found.isFile(), () => false) ? { ...data, dataset_id: id, file } : undefined;
  }

  private async removeAbandoned(now: Date): Promise<void> {
    for (const name of await readdir(this.folder)) {
      if (!name.startsWith(PARTIAL)) continue;
      const folder = join(this.folder, name), found = await stat(folder).catch(() => undefined);
      if (found && now.getTime() - found.mtimeMs > ABANDONED_AFTER_MS) await rm(folder, { recursive: true, force: true });
    }
  }
}

async function write(file: string, content: AsyncIterable<Uint8Array>, limitBytes: number, name: string): Promise<{ sizeBytes: number; hash: string }> {
  const handle = await open(file, 'wx'), hash = createHash('sha256');
  let sizeBytes = 0;
  try {
    for await (const chunk of content) {
      sizeBytes += chunk.byteLength;
      if (sizeBytes > limitBytes)
        throw problemError('dataset/upload-too-large', `"${name}" is larger than the limit of ${Math.round(limitBytes / MEBIBYTE)} MB.`, { fix: { text: 'Raise MAX_UPLOAD_SIZE_MB, or name the file by its path with source_type "local_file".' } });
      hash.update(chunk);
      await handle.writeFile(chunk);
    }
    await handle.sync();
  } finally {
    await handle.close();
  }
  return { sizeBytes, hash: hash.digest('hex') };
}

/** A file name that every system takes, with its extension, which tells how it is read. */
function safeName(name: string): string {
  const last = name.split(/[\\/]/).at(-1)!.replace(/[\p{Cc}<>:"|?*]/gu, '_').replace(/^\.+/, '').slice(-LONGEST_NAME);
  return last === '' || last === RECORD ? `file-${last}` : last;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
