/** One process at a time changes the jobs of a data directory, for a few milliseconds. */
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import lockfile from 'proper-lockfile';
import { problemError } from '../shared/problem';

/** A process that holds the lock for longer without a sign of life is gone. */
const STALE_MS = 10_000;
/** Others' turns, and one that was killed in its own. */
const PATIENCE_MS = 30_000;
const LONGEST_WAIT_MS = 40;

/** Gives what releases the lock. Problem where the folder cannot be written to, or the lock is not to be had. */
async function lockJobs(dataDirectory: string): Promise<() => Promise<void>> {
  const options = {
    realpath: false, stale: STALE_MS,
    // What is done under the lock is synchronous: nobody can take the lock in its midst and be noticed here.
    onCompromised: () => {},
  };
  for (const startMs = performance.now(); ; ) {
    try {
      return await lockfile.lock(path.join(dataDirectory, 'jobs'), options);
    } catch (error) {
      // Only another's lock passes by itself.
      const isTaken = error instanceof Error && 'code' in error && error.code === 'ELOCKED';
      if (!isTaken || performance.now() - startMs > PATIENCE_MS) {
        throw problemError('jobs/locked', `The jobs cannot be changed: ${error instanceof Error ? error.message : String(error)}`, {
          where: { file: dataDirectory },
          fix: { text: 'Check that the folder may be written to. If no other Merlina runs, remove jobs.lock in it.' },
        }, error);
      }
      await delay(1 + Math.random() * LONGEST_WAIT_MS);
    }
  }
}

/** Does synchronous work while no other process changes the jobs. Problem where the disk does not take the change. */
export async function withJobsLocked<T>(dataDirectory: string, work: () => T): Promise<T> {
  const release = await lockJobs(dataDirectory);
  try {
    return work();
  } catch (error) {
    if (!(error instanceof Error) || !('code' in error)) throw error;
    throw problemError('jobs/not-changed', `The job could not be changed (${String(error.code)}); it is as it was.`, {
      where: { file: dataDirectory },
      fix: { text: 'Check that the disk is not full and that the folder may be written to, then try again.' },
    }, error);
  } finally {
    await release().catch(() => {}); // taken over as stale: it is another's now
  }
}
