/** The queue: which jobs are started next. A pure function of the jobs. */

export const PRIORITIES = { low: 1, normal: 2, high: 3 } as const;
export type Priority = keyof typeof PRIORITIES;

export function isPriority(text: string): text is Priority {
  return Object.hasOwn(PRIORITIES, text);
}

/** What the queue needs to know of a job. */
export interface QueueEntry {
  readonly job_id: string;
  readonly state: 'queued' | 'running' | 'ended' | 'cancelled';
  readonly priority: Priority;
  /** Order inside a priority, lowest first; reordering changes it. */
  readonly position: number;
  /** What a job occupies: "cpu", "cuda:0". */
  readonly device: string;
}

/** Higher priority first, inside it by position; the id decides between equals, so that every reader sees the same order. */
export function inOrder<T extends QueueEntry>(jobs: readonly T[]): T[] {
  return jobs.filter(({ state }) => state === 'queued').sort((a, b) =>
    PRIORITIES[b.priority] - PRIORITIES[a.priority] || a.position - b.position || (a.job_id < b.job_id ? -1 : 1));
}

/** The jobs to start now. `perDevice`: how many trainers share a device. A busy device holds back only the jobs that want it. */
export function nextJobs<T extends QueueEntry>(jobs: readonly T[], perDevice = 1): T[] {
  const busy = new Map<string, number>();
  for (const { state, device } of jobs) if (state === 'running') busy.set(device, (busy.get(device) ?? 0) + 1);
  return inOrder(jobs).filter(({ device }) => {
    const count = busy.get(device) ?? 0;
    if (count >= perDevice) return false;
    busy.set(device, count + 1);
    return true;
  });
}

/** Where a job shall wait: at the end of a priority, next of all, or right before another. */
export type QueueMove = { readonly priority: Priority } | { readonly isFirst: true } | { readonly before: string };

export type QueuePlace = Pick<QueueEntry, 'priority' | 'position'>;

/** The places that change when `jobId` is moved; `before` names a job that waits, too. A job that goes ahead of one of higher priority takes
 *  its priority. Positions are halved between neighbours; where numbers have no room left, the whole priority is counted anew. */
export function placesAfter(jobs: readonly QueueEntry[], jobId: string, move: QueueMove): Map<string, QueuePlace> {
  const waiting = inOrder(jobs);
  const job = waiting.find(({ job_id }) => job_id === jobId)!;
  const others = waiting.filter(one => one !== job);
  const next = 'priority' in move ? undefined : 'before' in move ? others.find(({ job_id }) => job_id === move.before) : others[0];
  const priority = 'priority' in move ? move.priority : priorityAhead(job, next, 'isFirst' in move);
  const peers = others.filter(one => one.priority === priority);
  const index = next === undefined ? peers.length : peers.indexOf(next);
  const place = index === -1 ? peers.length : index;
  const [before, after] = [peers[place - 1]?.position, peers[place]?.position];
  const position = between(before, after);
  if ((before === undefined || before < position) && (after === undefined || position < after)) return new Map([[jobId, { priority, position }]]);
  return new Map([...peers.slice(0, place), job, ...peers.slice(place)].map(({ job_id }, i) => [job_id, { priority, position: i + 1 }]));
}

/** To be first it is enough to be as important as who was; to be before a certain one, it has to wait beside it. */
function priorityAhead(job: QueueEntry, next: QueueEntry | undefined, isFirst: boolean): Priority {
  if (next === undefined || (isFirst && PRIORITIES[job.priority] > PRIORITIES[next.priority])) return job.priority;
  return next.priority;
}

function between(before: number | undefined, after: number | undefined): number {
  if (before === undefined) return after === undefined ? 1 : after - 1;
  return after === undefined ? before + 1 : (before + after) / 2;
}
