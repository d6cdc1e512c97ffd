/** Replaces a file, all or nothing: written beside it, synced, renamed. A virus scanner or an indexer may hold it for a moment. */
import fs from 'node:fs';
import path from 'node:path';
import { randomBytes } from 'node:crypto';

/** Codes that pass by themselves, on Windows above all. */
const HELD = new Set(['EPERM', 'EACCES', 'EBUSY']);
const RENAME_TRIES = 8;
const FIRST_WAIT_MS = 10;

export function replaceDurably(file: string, contents: string | Uint8Array): void {
  const temporary = temporaryName(file);
  try {
    fs.writeFileSync(temporary, contents, { flush: true });
    renameWhenFree(temporary, file);
  } catch (error) {
    removeQuietly(temporary);
    throw error;
  }
}

/** The same without holding up the process: writing and syncing happen on Node's own threads. */
export async function replaceDurablyInBackground(file: string, contents: Uint8Array): Promise<void> {
  const temporary = temporaryName(file);
  try {
    await fs.promises.writeFile(temporary, contents, { flush: true });
    for (let attempt = 1, wait = FIRST_WAIT_MS; ; attempt++, wait *= 2) {
      try {
        await fs.promises.rename(temporary, file);
        return;
      } catch (error) {
        if (attempt === RENAME_TRIES || !isHeld(error)) throw error;
        await new Promise(resolve => setTimeout(resolve, wait));
      }
    }
  } catch (error) {
    removeQuietly(temporary);
    throw error;
  }
}

function renameWhenFree(from: string, to: string): void {
  for (let attempt = 1, wait = FIRST_WAIT_MS; ; attempt++, wait *= 2) {
    try {
      return fs.renameSync(from, to);
    } catch (error) {
      if (attempt === RENAME_TRIES || !isHeld(error)) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, wait);
    }
  }
}

/** On other systems these codes mean what they say, and waiting does not help. */
function isHeld(error: unknown): boolean {
  return process.platform === 'win32' && error instanceof Error && 'code' in error && HELD.has(String(error.code));
}

/** Several processes may write at once, each its own. */
function temporaryName(file: string): string {
  return path.join(path.dirname(file), `.unfinished-${path.basename(file)}-${randomBytes(4).toString('hex')}`);
}

function removeQuietly(file: string): void {
  try {
    fs.rmSync(file, { force: true });
  } catch {
    return;
  }
}
