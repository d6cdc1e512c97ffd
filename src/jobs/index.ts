/** The door of jobs: submitted, queued, supervised, followed. */
export { diskUse } from './diskUse';
export type { FollowListener, FollowMessage } from './follow/runFollower';
export { JobManager } from './jobManager';
export type { JobManagerOptions, NewJobOptions, RetryOptions } from './jobManager';
export { JobFolder } from './jobFolder';
export type { JobRecord, MetricRow } from './jobRecord';
export { isPriority, PRIORITIES } from './queue';
export type { Priority, QueueMove } from './queue';
export { isActive, isEnded, STATUSES } from './status';
export type { JobFilter, MetricRange } from './store/jobDatabase';
export { Supervisor } from './supervisor';
export type { SupervisorOptions, TrainerProgram } from './supervisor';
