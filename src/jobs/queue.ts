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
