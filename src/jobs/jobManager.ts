/** All jobs of a data directory: submitted, changed, listed, followed. Several processes may have one open at once. */
import fs from 'node:fs';
import type { JobSummary, SeriesByName, SeriesRange } from '../shared/follow';
import { problemError } from '../shared/problem';
import { Followers } from './follow/followers';
import type { FollowListener } from './follow/runFollower';
import { makeJobFolder, runsFolder } from './jobFolder';
import type { JobFile, JobFolder } from './jobFolder';
import { JobIndex } from './jobIndex';
import type { JobManagerOptions } from './jobIndex';
import { newJobId } from './jobRecord';
import type { JobRecord, MetricRow } from './jobRecord';
import { summaryOf } from './jobSummary';
import { withJobsLocked } from './lockJobs';
import { inOrder, placesAfter } from './queue';
import type { Priority, QueueMove } from './queue';
import { isActive, isEnded, isLegal } from './status';
import type { JobFilter, MetricRange } from './store/jobDatabase';
import { moveToTrash } from './trash';

export interface NewJobOptions {
  readonly priority?: Priority | undefined;
  /** What it occupies: "cpu", "cuda:0". */
  readonly device?: string | undefined;
  /** The job whose recipe this one was made from. */
  readonly retry_of?: string | null;
}

export interface RetryOptions {
  /** An edited recipe; the old one where not given. */
  readonly recipe?: unknown;
  /** As the old job's where not given. */
  readonly priority?: Priority | undefined;
  readonly device?: string | undefined;
}

export class JobManager {
  private readonly followers: Followers;

  private constructor(private readonly index: JobIndex) {
    this.followers = new Followers(index, record => this.summaryOf(record));
  }

  /** Opens what is there, and mends it from the run directories. */
  static async open(dataDirectory: string, options: JobManagerOptions = {}): Promise<JobManager> {
    return new JobManager(await JobIndex.open(dataDirectory, options));
  }

  get dataDirectory(): string {
    return this.index.dataDirectory;
  }

  /** Queues a recipe. On disk, whole, when it returns. */
  async createJob(recipe: unknown, { priority = 'normal', device = 'cpu', retry_of = null }: NewJobOptions = {}): Promise<JobRecord> {
    this.makeDataDirectory();
    return withJobsLocked(this.dataDirectory, () => {
      this.refresh();
      const position = this.lastPosition() + 1;
      const job: JobFile = {
        version: 1, job_id: this.freeId(), created_at: new Date().toISOString(), priority, position, device,
        state: 'queued', attempt: 0, events_from: 0, stop_requested: false, resume_from: null, retry_of, end: null,
      };
      makeJobFolder(this.dataDirectory, job, recipe);
      const record = this.index.derive(job.job_id)!;
      this.index.tell([job.job_id]);
      return record;
    });
  }

  /** Queues an ended job's recipe, or one that was edited, as a new job that knows where it came from: what the old one did stays as it was. */
  async retryJob(jobId: string, { recipe, priority, device }: RetryOptions = {}): Promise<JobRecord> {
    const { status, run_dir, config } = this.requireJob(jobId);
    if (!isEnded(status)) throw illegal(jobId, `is ${status}`, 'be tried again', 'Stop it first, or submit its recipe as another job.');
    const old = run_dir === null ? undefined : this.folderOf(jobId).read();
    const again = recipe ?? (run_dir === null ? null : config);
    if (again === null) {
      throw problemError('jobs/no-recipe', `The recipe of the job ${jobId} cannot be read.`, { fix: { text: 'Give the recipe to train: --recipe FILE.' } });
    }
    return this.createJob(again, { priority: priority ?? old?.priority, device: device ?? old?.device, retry_of: jobId });
  }

  getJob(jobId: string): JobRecord | undefined {
    return this.index.database.getJob(jobId);
  }

  /** As getJob, with a Problem for an id that is not there. */
  requireJob(jobId: string): JobRecord {
    const job = this.getJob(jobId);
    if (job) return job;
    throw problemError('jobs/no-such-job', `There is no job "${jobId}".`, { fix: { text: 'See `merlina jobs list` for the ids.' } });
  }

  /** Newest first. */
  listJobs(filter?: JobFilter): JobRecord[] {
    return this.index.database.listJobs(filter);
  }

  countJobs(filter?: JobFilter): number {
    return this.index.database.countJobs(filter);
  }

  /** Changes where a queued job waits. */
  async updateJob(jobId: string, move: QueueMove): Promise<JobRecord> {
    return withJobsLocked(this.dataDirectory, () => {
      for (const id of 'before' in move ? [jobId, move.before] : [jobId]) {
        const { status } = this.index.derive(id) ?? this.requireJob(id);
        if (status !== 'queued') throw illegal(id, isEnded(status) ? `has ended (${status})` : `is ${status}`, 'be moved in the queue');
      }
      if ('before' in move && move.before === jobId) throw illegal(jobId, 'is the one named', 'be moved before itself');
      for (const [id, place] of placesAfter(this.openJobs(), jobId, move)) this.changeNow(id, job => ({ ...job, ...place }));
      return this.requireJob(jobId);
    });
  }

  /** Job ids in the order they will be started. */
  queue(): string[] {
    return inOrder(this.openJobs()).map(({ job_id }) => job_id);
  }

  addMetric(jobId: string, row: MetricRow): void {
    this.index.database.addMetrics(jobId, [row]);
    this.index.saver.changed();
  }

  getMetrics(jobId: string, range?: MetricRange): MetricRow[] {
    return this.index.database.getMetrics(jobId, range);
  }

  /** Any range of a run's series, by name. */
  getSeries(jobId: string, range: SeriesRange = {}): SeriesByName {
    return this.followers.series(jobId, range);
  }

  /** `listener` gets a snapshot of the run, then increments, at most 10 a second. Listeners of one run share its reading. Gives what ends it. */
  follow(jobId: string, listener: FollowListener): () => void {
    this.requireJob(jobId);
    return this.followers.follow(jobId, listener);
  }

  /** As lists and views show it. */
  summaryOf(record: JobRecord): JobSummary {
    const place = record.status === 'queued' ? this.queue().indexOf(record.job_id) + 1 : 0;
    return summaryOf(record, place > 0 ? place : null);
  }

  /** A queued job is cancelled; a running one is asked to stop with a checkpoint. */
  async stopJob(jobId: string): Promise<JobRecord> {
    return this.change(jobId, (job, { status }) => {
      if (status === 'queued') return { ...job, state: 'cancelled' };
      if (!isActive(status)) throw illegal(jobId, `has ended (${status})`, 'be stopped');
      fs.writeFileSync(this.folderOf(jobId).control, 'stop\n');
      return { ...job, stop_requested: true };
    });
  }

  /** Queues a job again that stopped, failed or was cancelled; it goes on from its newest checkpoint, or from the one of step `from`. */
  async resumeJob(jobId: string, { from }: { readonly from?: number } = {}): Promise<JobRecord> {
    return this.change(jobId, (job, { status, output_dir }) => {
      if (status === 'completed') throw illegal(jobId, 'is complete', 'be resumed', `To train further, submit a recipe whose init_adapter is ${output_dir ?? 'its result'}.`);
      if (!isLegal(status, 'queued') || !isEnded(status)) throw illegal(jobId, `is ${status}`, 'be resumed');
      if (from !== undefined) this.requireCheckpoint(jobId, from);
      return { ...job, state: 'queued', position: this.lastPosition() + 1, stop_requested: false, resume_from: from ?? null, end: null };
    });
  }

  /** Removes an ended job with its run directory, into the trash where there is one. Says where it went. */
  async deleteJob(jobId: string): Promise<'trash' | 'removed' | 'history'> {
    return withJobsLocked(this.dataDirectory, () => {
      const { status, run_dir } = this.index.derive(jobId) ?? this.requireJob(jobId);
      if (isActive(status)) throw illegal(jobId, `is running (${status})`, 'be deleted', 'Stop it first with `merlina jobs stop`.');
      const went = run_dir === null ? 'history' : moveToTrash(this.folderOf(jobId).root);
      this.index.deleteJob(jobId);
      return went;
    });
  }

  /** job.json of every job that is not ended: the queue, and what runs. Read from disk, never from memory. */
  openJobs(): JobFile[] {
    return this.index.database.listJobs({ status: OPEN }).filter(({ run_dir }) => run_dir !== null).map(({ job_id }) => this.folderOf(job_id).read());
  }

  /** Changes job.json under the lock, so that of two processes that want the same the second sees what the first did. `decide` gets the
   *  job as it is at that moment; giving it back unchanged changes nothing. */
  async change(jobId: string, decide: (job: JobFile, record: JobRecord) => JobFile): Promise<JobRecord> {
    return withJobsLocked(this.dataDirectory, () => this.changeNow(jobId, decide));
  }

  /** Takes in what other processes and trainers wrote. Gives the ids whose records changed. */
  refresh(): string[] {
    return this.index.refresh();
  }

  /** Whether the history is not read to its end yet: refreshBudgetMs was not enough. */
  get isBehind(): boolean {
    return this.index.isBehind;
  }

  /** `listener` is told the ids of jobs that changed, came or went, whoever changed them. Gives what ends it. */
  onChanged(listener: (jobIds: readonly string[]) => void): () => void {
    return this.index.onChanged(listener);
  }

  folderOf(jobId: string): JobFolder {
    return this.index.folderOf(jobId);
  }

  /** Waits until everything is saved. */
  flush(): Promise<void> {
    return this.index.saver.flush();
  }

  /** Saves, and lets go of the history. Closing again does nothing. */
  async close(): Promise<void> {
    this.followers.close();
    await this.index.close();
  }

  private changeNow(jobId: string, decide: (job: JobFile, record: JobRecord) => JobFile): JobRecord {
    const known = this.requireJob(jobId);
    if (known.run_dir === null) throw illegal(jobId, 'was run by Merlina\'s Python', 'be changed here');
    const record = this.index.derive(jobId) ?? this.requireJob(jobId);
    const folder = this.folderOf(jobId);
    const job = folder.read();
    const changed = decide(job, record);
    if (changed === job) return record;
    this.index.announce(jobId);
    folder.write(changed);
    // Who looked between the announcement and the change saw nothing, and looks again.
    this.index.announce(jobId);
    const after = this.index.derive(jobId)!;
    this.index.tell([jobId]);
    return after;
  }

  private lastPosition(): number {
    return Math.max(0, ...this.openJobs().map(({ position }) => position));
  }

  private requireCheckpoint(jobId: string, step: number): void {
    const steps = this.folderOf(jobId).checkpointSteps();
    if (steps.includes(step)) return;
    throw problemError('jobs/no-checkpoint', `The job ${jobId} has no checkpoint of step ${step}.`, {
      where: { file: this.folderOf(jobId).checkpoints },
      fix: { text: steps.length === 0 ? 'It has none; resumed, it begins anew.' : `It has those of steps ${steps.join(', ')}.` },
    });
  }

  private freeId(): string {
    for (;;) {
      const id = newJobId();
      if (!fs.existsSync(this.folderOf(id).root)) return id;
    }
  }

  private makeDataDirectory(): void {
    try {
      fs.mkdirSync(runsFolder(this.dataDirectory), { recursive: true });
    } catch (error) {
      throw problemError('jobs/no-folder', `The folder for jobs cannot be made (${error instanceof Error ? error.message : String(error)}).`, {
        where: { file: this.dataDirectory },
        fix: { text: 'Name a folder that may be written to with --data-dir.' },
      }, error);
    }
  }
}

const OPEN = ['queued', 'initializing', 'loading_model', 'loading_dataset', 'training', 'evaluating', 'saving', 'stopping'] as const;

function illegal(jobId: string, is: string, wanted: string, fix?: string): Error {
  return problemError('jobs/not-now', `The job ${jobId} ${is} and cannot ${wanted}.`, fix === undefined ? {} : { fix: { text: fix } });
}
