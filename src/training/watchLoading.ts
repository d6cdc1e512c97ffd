/** What a run loads before it trains: says how far that is, and breaks it off on a stop request. What was downloaded stays, so the next start goes on from there. */
import type { HubOptions } from '../models';
import type { RunStatus } from '../shared/events';
import { emitStatus } from './eventLog';
import type { EventSink } from './eventLog';
import type { StopRequest } from './stopRequest';

const BYTES_OF_MB = 1e6;
/** Events are kept for ever, so the same phase is told no more often. */
const MILLISECONDS_BETWEEN = 500;

/**
 * What `act` gives; undefined where the run was stopped. `act` passes `hub` on to what may download, its `signal` to all that takes long, and tells
 * `show` how far it is. `status` is the phase that it belongs to.
 */
export async function watchLoading<T>(status: RunStatus, events: EventSink, stop: StopRequest, act: (hub: Required<Pick<HubOptions, 'signal' | 'onProgress'>>, show: (message: string) => void) => Promise<T>): Promise<T | undefined> {
  const abort = new AbortController();
  let [shown, at] = ['', 0];
  const show = (message: string): void => {
    if (stop.requested() !== undefined) abort.abort();
    if (message === shown || Date.now() - at < MILLISECONDS_BETWEEN) return;
    [shown, at] = [message, Date.now()];
    emitStatus(events, status, 0, message);
  };
  try {
    return await act({
      signal: abort.signal,
      onProgress({ file, doneBytes, totalBytes }) {
        // The last word of a download is never left out.
        if (doneBytes === totalBytes) at = 0;
        show(`Downloading ${file}: ${Math.floor((100 * doneBytes) / totalBytes)} % of ${Math.ceil(totalBytes / BYTES_OF_MB)} MB.`);
      },
    }, show);
  } catch (error) {
    if (abort.signal.aborted) return undefined;
    throw error;
  }
}
