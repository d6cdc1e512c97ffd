/** Lets one process at a time transfer a blob, so that two windows starting on the same model do not write into one partial file. */
import { rm, stat, utimes, writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';

/** The holder touches its lock this often; one left alone for the second span is of a process that died. */
const touchEveryMs = 5_000, staleAfterMs = 30_000;

/** Runs `act` while holding BLOB.incomplete.lock; waits for another holder, looking every `pollMs`. `act` must look again whether there is still something to do. */
export async function withBlobLock(blob: string, act: () => Promise<void>, signal: AbortSignal | undefined, pollMs = 500): Promise<void> {
  const lock = `${blob}.incomplete.lock`;
  while (!await take(lock)) {
    if (await isStale(lock)) await rm(lock, { force: true });
    else await sleep(pollMs, undefined, { signal });
  }
  const timer = setInterval(() => { void utimes(lock, new Date(), new Date()).catch(() => undefined); }, touchEveryMs);
  try {
    await act();
  } finally {
    clearInterval(timer);
    await rm(lock, { force: true });
  }
}

async function take(lock: string): Promise<boolean> {
  try {
    await writeFile(lock, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

async function isStale(lock: string): Promise<boolean> {
  const found = await stat(lock).catch(() => undefined);
  return found !== undefined && Date.now() - found.mtimeMs > staleAfterMs;
}
