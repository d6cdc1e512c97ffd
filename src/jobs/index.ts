/** The door of jobs: submitted, queued, supervised, followed.
 *
 *  A host opens it so:
 *    const manager = await JobManager.open(dataDirectory, { wasmFile, workerFile, refreshBudgetMs: 50, onNotice });
 *    const supervisor = new Supervisor(manager, { trainer: { file: node.file, args: [trainerFile], env: node.env, isUntested: node.isUntested } });
 *    await supervisor.start();
 *    manager.onChanged(ids => …);              // lists
 *    const end = manager.follow(id, message => …); // one run: a snapshot, then increments (src/shared/follow.ts)
 *  `wasmFile` and `workerFile` are sql-wasm.wasm and databaseWorker.mjs of the build; `node` comes from findNode. Closing both leaves the
 *  trainers running. */
export { diskUse } from './diskUse';
export type { FollowListener, FollowMessage } from './follow/runFollower';
export { JobManager } from './jobManager';
export type { JobManagerOptions } from './jobIndex';
export type { NewJobOptions, RetryOptions } from './jobManager';
export { findNode } from './findNode';
export type { NodeProgram } from './findNode';
export { JobFolder } from './jobFolder';
export type { JobRecord, MetricRow } from './jobRecord';
export { endOrphan, findOrphans } from './orphans';
export type { Orphan } from './orphans';
export { isPriority, PRIORITIES } from './queue';
export type { Priority, QueueMove } from './queue';
export { selfTest } from './selfTest';
export { isActive, isEnded, STATUSES } from './status';
export type { JobFilter, MetricRange } from './store/jobDatabase';
export { Supervisor } from './supervisor';
export type { SupervisorOptions, TrainerProgram } from './supervisor';
