/** One run as its follower tells it: a snapshot to begin with, then increments, until it is ended. */
import type { JobManager } from '../../jobs';
import type { RunIncrement, RunSnapshot } from '../../shared/follow';

export interface RunFeed {
  /** Undefined where the run is gone before it could be read. */
  snapshot: Promise<RunSnapshot | undefined>;
  end(): void;
}

/** `onIncrement` is told of nothing before the snapshot is there, and of nothing after the end. */
export function followRun(manager: JobManager, jobId: string, onIncrement: (increment: RunIncrement) => void): RunFeed {
  if (!manager.getJob(jobId)) return { snapshot: Promise.resolve(undefined), end: () => {} };
  const { promise: snapshot, resolve } = withResolver<RunSnapshot | undefined>();
  const end = manager.follow(jobId, message => {
    if (message.type === 'snapshot') resolve(message.state);
    else onIncrement(message.increment);
  });
  // Deleted while it is read: a snapshot will never come.
  const endWatch = manager.onChanged(ids => {
    if (ids.includes(jobId) && !manager.getJob(jobId)) resolve(undefined);
  });
  return {
    snapshot,
    end() {
      end();
      endWatch();
      resolve(undefined);
    },
  };
}

function withResolver<T>(): { promise: Promise<T>; resolve: (value: T) => void } {
  let resolve!: (value: T) => void;
  const promise = new Promise<T>(settle => { resolve = settle; });
  return { promise, resolve };
}
