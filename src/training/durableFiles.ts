/** File operations that survive a loss of power: every file and folder is synced before it is relied on. The primitives are
 *  a seam so that tests can fail any one of them. */
import fs from 'node:fs';
import path from 'node:path';

export interface FilePrimitives {
  makeFolder(folder: string): void;
  open(file: string): number;
  write(handle: number, bytes: Uint8Array): void;
  sync(handle: number): void;
  close(handle: number): void;
  /** Flushes the names in a folder. */
  syncFolder(folder: string): void;
  rename(from: string, to: string): void;
  /** Removes a file or a folder with all in it; absent is well. */
  remove(fileOrFolder: string): void;
}

export const DISK: FilePrimitives = {
  makeFolder: folder => void fs.mkdirSync(folder, { recursive: true }),
  open: file => fs.openSync(file, 'w'),
  write: writeFully,
  sync: handle => fs.fsyncSync(handle),
  close: handle => fs.closeSync(handle),
  syncFolder,
  rename: (from, to) => fs.renameSync(from, to),
  remove: fileOrFolder => fs.rmSync(fileOrFolder, { recursive: true, force: true }),
};

/** writeSync may write less than asked, and Linux writes at most 2 GiB a call. */
const WRITE_LIMIT_BYTES = 1 << 30;

function writeFully(handle: number, bytes: Uint8Array): void {
  for (let offset = 0; offset < bytes.length; ) {
    offset += fs.writeSync(handle, bytes, offset, Math.min(WRITE_LIMIT_BYTES, bytes.length - offset));
  }
}

/** Windows cannot open a folder to sync it, and does not need to. */
function syncFolder(folder: string): void {
  if (process.platform === 'win32') return;
  const handle = fs.openSync(folder, 'r');
  try {
    fs.fsyncSync(handle);
  } finally {
    fs.closeSync(handle);
  }
}

/** Contents of a file, in pieces. */
export type FileContents = string | readonly Uint8Array[];

/** Writes and syncs one file. Its name is durable only once its folder is synced. */
export function writeDurably(file: string, contents: FileContents, primitives: FilePrimitives): void {
  const handle = primitives.open(file);
  try {
    for (const bytes of bytesOf(contents)) primitives.write(handle, bytes);
    primitives.sync(handle);
  } finally {
    primitives.close(handle);
  }
}

/** Makes `folder` hold exactly these files, all or none: they are written beside it and renamed into place. */
export function replaceFolder(folder: string, files: ReadonlyMap<string, FileContents>, primitives: FilePrimitives): void {
  const parent = path.dirname(folder);
  const temporary = path.join(parent, `${TEMPORARY_PREFIX}${path.basename(folder)}`);
  primitives.makeFolder(parent);
  try {
    primitives.remove(temporary);
    primitives.makeFolder(temporary);
    for (const [name, contents] of files) writeDurably(path.join(temporary, name), contents, primitives);
    primitives.syncFolder(temporary);
    primitives.remove(folder);
    primitives.rename(temporary, folder);
    primitives.syncFolder(parent);
  } catch (error) {
    removeQuietly(temporary, primitives);
    throw error;
  }
}

/** Replaces one file, all or nothing. */
export function replaceFile(file: string, contents: FileContents, primitives: FilePrimitives = DISK): void {
  const temporary = path.join(path.dirname(file), `${TEMPORARY_PREFIX}${path.basename(file)}`);
  try {
    writeDurably(temporary, contents, primitives);
    primitives.rename(temporary, file);
    primitives.syncFolder(path.dirname(file));
  } catch (error) {
    removeQuietly(temporary, primitives);
    throw error;
  }
}

export const TEMPORARY_PREFIX = '.unfinished-';

export function bytesOf(contents: FileContents): readonly Uint8Array[] {
  return typeof contents === 'string' ? [Buffer.from(contents)] : contents;
}

/** The failure that led here is what matters. */
function removeQuietly(fileOrFolder: string, primitives: FilePrimitives): void {
  try {
    primitives.remove(fileOrFolder);
  } catch {
    return;
  }
}
