/** The life of a job: which status may follow which. The only place that says so. */
import type { RunEvent, RunStatus } from '../shared/events';

/** A trainer at work may end in any of these at any moment. */
const ENDS = ['stopping', 'completed', 'failed', 'stopped'] as const;

/** From each status, all that may come next. */
const NEXT = {
  queued: ['initializing', 'cancelled', 'failed'],
  // Back to the queue: the trainer was to be started, and never was.
  initializing: ['loading_model', 'loading_dataset', 'evaluating', 'training', 'saving', 'queued', ...ENDS],
  // A later phase may follow at once: the line that told of the one between can be lost.
  loading_model: ['loading_dataset', 'initializing', 'evaluating', 'training', 'saving', ...ENDS],
  loading_dataset: ['initializing', 'evaluating', 'training', 'saving', ...ENDS],
  training: ['evaluating', 'saving', ...ENDS],
  evaluating: ['training', 'saving', ...ENDS],
  saving: ['training', 'evaluating', ...ENDS],
  // A run that was at its last step when it was asked to stop completes.
  stopping: ['completed', 'failed', 'stopped'],
  completed: [],
  failed: ['queued'],
  stopped: ['queued'],
  cancelled: ['queued'],
} as const satisfies Record<RunStatus, readonly RunStatus[]>;

export const STATUSES = Object.keys(NEXT) as readonly RunStatus[];

/** What may follow `S`; an illegal pair does not compile. */
export type StatusAfter<S extends RunStatus> = (typeof NEXT)[S][number];

/** A change that is known when the code is written. */
export function transition<S extends RunStatus>(_from: S, to: StatusAfter<S>): RunStatus {
  return to;
}

export function isLegal(from: RunStatus, to: RunStatus): boolean {
  return (NEXT[from] as readonly RunStatus[]).includes(to);
}

/** A change that comes from outside: `to` where it is legal, `from` where not. */
export function advance(from: RunStatus, to: RunStatus): RunStatus {
  return isLegal(from, to) ? to : from;
}

const ENDED: ReadonlySet<RunStatus> = new Set(['completed', 'failed', 'stopped', 'cancelled']);

/** Nothing happens any more, unless somebody queues it again. */
export function isEnded(status: RunStatus): boolean {
  return ENDED.has(status);
}

/** Between queue and end: a trainer works on it. */
export function isActive(status: RunStatus): boolean {
  return status !== 'queued' && !isEnded(status);
}

/** The status that an event tells of, if any. */
export function statusOf(event: RunEvent): RunStatus | undefined {
  switch (event.type) {
    case 'status_update':
      return event.status;
    case 'completed':
    case 'stopped':
      return event.type;
    case 'error':
      return 'failed';
    case 'metrics':
      return 'training';
    case 'started':
    case 'eval':
    case 'sample':
    case 'checkpoint':
    case 'problem':
    case 'log':
      return undefined;
  }
}
