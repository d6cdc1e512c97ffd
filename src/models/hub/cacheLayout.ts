/** The Hugging Face cache on disk: models--ORG--NAME or datasets--ORG--NAME, each with {blobs,refs,snapshots}, the layout that huggingface_hub (Python) shares. */
import { randomUUID } from 'node:crypto';
import { copyFile, link, mkdir, readFile, rename, stat, symlink, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { z } from 'zod';
import type { RepoKind } from './hubFetch';

const commitPattern = /^[0-9a-f]{40}$/;

/** One file of a repository, as the hub lists it. */
export interface HubFile {
  /** Path in the repository, with "/". */
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  /** Name of the blob: SHA-256 for large files (LFS), the git object id for small ones. */
  readonly etag: string;
  readonly isLfs: boolean;
}

export class RepoCache {
  readonly root: string;

  constructor(cacheDir: string, kind: RepoKind, id: string) {
    this.root = join(cacheDir, `${kind}s--${id.replaceAll('/', '--')}`);
  }

  blob(etag: string): string { return join(this.root, 'blobs', etag); }
  snapshot(commit: string): string { return join(this.root, 'snapshots', commit); }

  /** Commit a branch or tag pointed to when it was last downloaded; a commit is itself. */
  async commitOf(revision: string): Promise<string | undefined> {
    if (isCommit(revision)) return revision;
    const commit = await readFile(join(this.root, 'refs', revision), 'utf8').catch(() => '');
    return isCommit(commit.trim()) ? commit.trim() : undefined;
  }

  async setRef(revision: string, commit: string): Promise<void> {
    if (await this.commitOf(revision) !== commit) await replaceFile(join(this.root, 'refs', revision), commit);
  }

  /** What the hub listed for a folder of a commit, kept beside what Python tools keep: a commit never changes, and offline it tells what is missing.
   *  Not in their trees/, of which they conclude that a snapshot with less is broken. */
  async readListing(commit: string, listed: string): Promise<unknown> {
    return readJson(this.listing(commit, listed));
  }

  /** All files of a commit, where Python tools listed them. Source of the format: huggingface_hub 2.4 _tree_cache.py. */
  async readTree(commit: string): Promise<HubFile[] | undefined> {
    const { success, data } = treeSchema.safeParse(await readJson(join(this.root, 'trees', `${commit}.json`)));
    return success ? Object.entries(data.files).map(([name, { size, blob_id, lfs_sha256 }]) => ({ name, size, etag: lfs_sha256 ?? blob_id, isLfs: lfs_sha256 !== undefined })) : undefined;
  }

  async writeListing(commit: string, listed: string, files: readonly object[]): Promise<void> {
    await replaceFile(this.listing(commit, listed), JSON.stringify(files));
  }

  private listing(commit: string, listed: string): string {
    // "*" is left as it is by encodeURIComponent, and is no letter of a file name on Windows.
    return join(this.root, 'listings', commit, `${encodeURIComponent(listed).replaceAll('*', '%2A')}.json`);
  }

  /** Puts a blob into a snapshot under its file name: a relative symbolic link, where that is not allowed (Windows) a hard link, else a copy. */
  async addToSnapshot(commit: string, name: string, etag: string): Promise<void> {
    const pointer = join(this.snapshot(commit), name), blob = this.blob(etag), temporary = `${pointer}.${randomUUID()}.tmp`;
    await mkdir(dirname(pointer), { recursive: true });
    await symlink(relative(dirname(pointer), blob), temporary).catch(() => link(blob, temporary)).catch(() => copyFile(blob, temporary));
    // By renaming, so that two processes doing the same never meet half a step of each other.
    await rename(temporary, pointer);
  }
}

const treeSchema = z.object({
  format_version: z.literal(1),
  files: z.record(z.string().refine(isSafeName), z.object({ size: z.number(), blob_id: z.string(), lfs_sha256: z.string().optional() })),
});

/** Whether a file's name in a repository stays, as a path, inside its snapshot. */
export function isSafeName(name: string): boolean {
  return !name.includes('\\') && name.split('/').every(part => part !== '' && part !== '.' && part !== '..');
}

export function isCommit(revision: string): boolean {
  return commitPattern.test(revision);
}

/** Null where there is none, or it is damaged. */
async function readJson(file: string): Promise<unknown> {
  const text = await readFile(file, 'utf8').catch(() => 'null');
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}

async function replaceFile(file: string, text: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  const temporary = `${file}.${randomUUID()}.tmp`;
  await writeFile(temporary, text);
  await rename(temporary, file);
}

/** Size of the file (symbolic links followed), or undefined where there is none. */
export async function fileSize(path: string): Promise<number | undefined> {
  return stat(path).then(found => found.isFile() ? found.size : undefined, () => undefined);
}
