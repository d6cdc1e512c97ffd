/** Downloads of a run: says how far each has come, and breaks it off on a stop request. What came stays, so the next start goes on from there. */
import type { HubOptions } from '../models';
import type { RunStatus } from '../shared/events';
import { emitStatus } from './eventLog';
import type { EventSink } from './eventLog';
import type { StopRequest } from './stopRequest';

const BYTES_OF_MB = 1e6;

/** What `act` gives, which passes `hub` on to what may download; undefined where the run was stopped. `status` is the phase that it belongs to. */
export async function watchDownload<T>(status: RunStatus, events: EventSink, stop: StopRequest, act: (hub: Pick<HubOptions, 'signal' | 'onProgress'>) => Promise<T>): Promise<T | undefined> {
  const abort = new AbortController();
  let shown = '';
  try {
    return await act({
      signal: abort.signal,
      onProgress({ file, doneBytes, totalBytes }) {
        if (stop.requested() !== undefined) abort.abort();
        const message = `Downloading ${file}: ${Math.floor((100 * doneBytes) / totalBytes)} % of ${Math.ceil(totalBytes / BYTES_OF_MB)} MB.`;
        if (message === shown) return;
        shown = message;
        emitStatus(events, status, 0, message);
      },
    });
  } catch (error) {
    if (abort.signal.aborted) return undefined;
    throw error;
  }
}
