/** Opens the run's model: says how far a download has come, and breaks it off on a stop request. What came stays, so the next start goes on from there. */
import { openModel } from '../models/openModel';
import type { OpenModelOptions } from '../models/openModel';
import type { ModelSource } from '../models/source';
import { emitStatus } from './eventLog';
import type { EventSink } from './eventLog';
import type { StopRequest } from './stopRequest';

const BYTES_OF_MB = 1e6;

/** Undefined where it was stopped.  `options` are for tests: another hub, another cache. */
export async function openWatched(id: string, events: EventSink, stop: StopRequest, options: OpenModelOptions = {}): Promise<ModelSource | undefined> {
  const abort = new AbortController();
  let shown = -1;
  try {
    return await openModel(id, {
      ...options,
      signal: abort.signal,
      onProgress({ file, doneBytes, totalBytes }) {
        if (stop.requested() !== undefined) abort.abort();
        const percent = Math.floor((100 * doneBytes) / totalBytes);
        if (percent === shown) return;
        shown = percent;
        emitStatus(events, 'loading_model', 0, `Downloading ${file}: ${percent} % of ${Math.ceil(totalBytes / BYTES_OF_MB)} MB.`);
      },
    });
  } catch (error) {
    if (abort.signal.aborted) return undefined;
    throw error;
  }
}
