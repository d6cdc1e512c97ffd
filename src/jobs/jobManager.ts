/** All jobs of a data directory: submitted, changed, listed, followed. Several processes may have one open at once. */
import fs from 'node:fs';
import path from 'node:path';
import { problemError } from '../shared/problem';
import type { Problem } from '../shared/problem';
import type { JobSummary, SeriesByName, SeriesRange } from '../shared/follow';
import { deriveJob } from './deriveJob';
import { seriesOfRows } from './follow/metricSeries';
import { RunFollower } from './follow/runFollower';
import type { FollowListener } from './follow/runFollower';
import { jobIdsOnDisk, JobFolder, makeJobFolder, runsFolder } from './jobFolder';
import type { JobFile } from './jobFolder';
import { newJobId } from './jobRecord';
import type { JobRecord, MetricRow } from './jobRecord';
import { summaryOf } from './jobSummary';
import { Journal } from './journal';
import { lockJobs } from './lockJobs';
import { inOrder, placesAfter } from './queue';
import type { Priority, QueueMove } from './queue';
import { readSeries } from './seriesFile';
import type { SeriesReading } from './seriesFile';
import { isActive, isEnded, isLegal } from './status';
import { DatabaseFile } from './store/databaseFile';
import { DatabaseSaver } from './store/databaseSaver';
import type { JobDatabase, JobFilter, MetricRange } from './store/jobDatabase';
import { moveToTrash } from './trash';

export interface JobManagerOptions {
  /** Where sql.js's WebAssembly is; found by itself beside the bundle. */
  readonly wasmFile?: string;
  /** Where the bundle of store/databaseWorker is: with it the history is saved by a thread of its own. For processes that must not wait. */
  readonly workerFile?: string;
  /** How long one refresh may read events. What is left is read by the next; see isBehind. */
  readonly refreshBudgetMs?: number;
  /** Told of what was repaired, and of what could not be saved. */
  readonly onNotice?: (notice: Problem) => void;
}

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

/** Run directories are listed at least this often. */
const FOLDERS_AGE_MS = 2000;
const OFFSET = 'journal_offset';
/** Of one series; a chart is hardly wider. */
const SNAPSHOT_POINTS = 4096;

export class JobManager {
  /** Run directories that the last refresh had no time for. */
  private waiting = new Set<string>();
  private closing: Promise<void> | undefined;
  private readonly followers = new Map<string, RunFollower>();
  private readonly listeners = new Set<(jobIds: readonly string[]) => void>();
  private seenFolders: { mtimeMs: number | undefined; atMs: number } = { mtimeMs: undefined, atMs: -Infinity };
  private readonly journal: Journal;

  private constructor(
    readonly dataDirectory: string,
    private readonly file: DatabaseFile,
    private readonly database: JobDatabase,
    private readonly saver: DatabaseSaver,
    private readonly notice: (notice: Problem) => void,
    private readonly refreshBudgetMs: number,
  ) {
    this.journal = new Journal(dataDirectory);
  }

  /** Opens what is there, and mends it from the run directories. */
  static async open(dataDirectory: string, { wasmFile, workerFile, refreshBudgetMs = Infinity, onNotice = () => {} }: JobManagerOptions = {}): Promise<JobManager> {
    const file = new DatabaseFile(dataDirectory, wasmFile);
    const { database, isRebuilt, notices } = await file.open();
    for (const notice of notices) onNotice(notice);
    const saver = new DatabaseSaver(file, database, { dataDirectory, wasmFile, workerFile, onFailure: error => onNotice(notSaved(error, file.file)) });
    const manager = new JobManager(path.resolve(dataDirectory), file, database, saver, onNotice, refreshBudgetMs);
    if (isRebuilt) manager.rebuild(notices.length === 0);
    else manager.refresh();
    return manager;
  }

  /** Queues a recipe. On disk, whole, when it returns. */
  async createJob(recipe: unknown, { priority = 'normal', device = 'cpu', retry_of = null }: NewJobOptions = {}): Promise<JobRecord> {
    this.makeDataDirectory();
    return this.locked(() => {
      this.refresh();
      const position = this.lastPosition() + 1;
      const job: JobFile = {
        version: 1, job_id: this.freeId(), created_at: new Date().toISOString(), priority, position, device,
        state: 'queued', attempt: 0, events_from: 0, stop_requested: false, resume_from: null, retry_of, end: null,
      };
      makeJobFolder(this.dataDirectory, job, recipe);
      const record = this.derive(job.job_id)!;
      this.tell([job.job_id]);
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
    return this.database.getJob(jobId);
  }

  /** As getJob, with a Problem for an id that is not there. */
  requireJob(jobId: string): JobRecord {
    const job = this.getJob(jobId);
    if (job) return job;
    throw problemError('jobs/no-such-job', `There is no job "${jobId}".`, { fix: { text: 'See `merlina jobs list` for the ids.' } });
  }

  /** Newest first. */
  listJobs(filter?: JobFilter): JobRecord[] {
    return this.database.listJobs(filter);
  }

  countJobs(filter?: JobFilter): number {
    return this.database.countJobs(filter);
  }

  /** Changes where a queued job waits. */
  async updateJob(jobId: string, move: QueueMove): Promise<JobRecord> {
    return this.locked(() => {
      for (const id of 'before' in move ? [jobId, move.before] : [jobId]) {
        const { status } = this.derive(id) ?? this.requireJob(id);
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
    this.database.addMetrics(jobId, [row]);
    this.saver.changed();
  }

  getMetrics(jobId: string, range?: MetricRange): MetricRow[] {
    return this.database.getMetrics(jobId, range);
  }

  /** Any range of a run's series, by name. Of a run with more steps than the history keeps, the range comes from the run's own files. */
  getSeries(jobId: string, range: SeriesRange = {}): SeriesByName {
    return this.readSeries(jobId, range).series;
  }

  /** `listener` gets a snapshot of the run, then increments, at most 60 a second. Listeners of one run share its reading. Gives what ends it. */
  follow(jobId: string, listener: FollowListener): () => void {
    const follower = this.followers.get(jobId) ?? this.startFollowing(jobId);
    this.followers.set(jobId, follower);
    follower.add(listener);
    return () => {
      follower.remove(listener);
      if (follower.hasListeners || this.followers.get(jobId) !== follower) return;
      follower.close();
      this.followers.delete(jobId);
    };
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
      if (status === 'completed') throw illegal(jobId, 'is complete', 'be resumed', `To train further, submit a recipe whose init_adapter is ${output_dir}.`);
      if (!isLegal(status, 'queued') || !isEnded(status)) throw illegal(jobId, `is ${status}`, 'be resumed');
      if (from !== undefined) this.requireCheckpoint(jobId, from);
      return { ...job, state: 'queued', position: this.lastPosition() + 1, stop_requested: false, resume_from: from ?? null, end: null };
    });
  }

  /** Removes an ended job with its run directory, into the trash where there is one. Says where it went. */
  async deleteJob(jobId: string): Promise<'trash' | 'removed' | 'history'> {
    return this.locked(() => {
      const { status, run_dir } = this.derive(jobId) ?? this.requireJob(jobId);
      if (isActive(status)) throw illegal(jobId, `is running (${status})`, 'be deleted', 'Stop it first with `merlina jobs stop`.');
      const went = run_dir === null ? 'history' : moveToTrash(this.folderOf(jobId).root);
      this.database.deleteJob(jobId);
      this.saver.changed();
      this.tell([jobId]);
      return went;
    });
  }

  /** job.json of every job that is not ended: the queue, and what runs. Read from disk, never from memory. */
  openJobs(): JobFile[] {
    return this.database.listJobs({ status: OPEN }).filter(({ run_dir }) => run_dir !== null).map(({ job_id }) => this.folderOf(job_id).read());
  }

  /** Changes job.json under the lock, so that of two processes that want the same the second sees what the first did. `decide` gets the
   *  job as it is at that moment; giving it back unchanged changes nothing. */
  async change(jobId: string, decide: (job: JobFile, record: JobRecord) => JobFile): Promise<JobRecord> {
    return this.locked(() => this.changeNow(jobId, decide));
  }

  /** Takes in what other processes and trainers wrote. Gives the ids whose records changed. */
  refresh(): string[] {
    const news = this.journal.readFrom(Number(this.database.getState(OFFSET) ?? 0));
    if (!news) return this.rebuild();
    const deadlineMs = performance.now() + this.refreshBudgetMs;
    const isFull = news.jobIds.size > 0 || this.isBehind || this.mayHaveNewFolders();
    const known = this.database.knownJobs({ isOpen: !isFull });
    const onDisk = isFull ? new Set(jobIdsOnDisk(this.dataDirectory)) : known;
    const changed: string[] = [];
    this.database.transaction(() => {
      for (const id of known.keys()) {
        if (onDisk.has(id)) continue;
        this.database.deleteJob(id);
        changed.push(id);
      }
      const mayHaveChanged = (id: string): boolean => {
        const before = known.get(id);
        // Nobody announces that a run is resumed in the foreground; its events grow.
        return before === undefined || !isEnded(before.status) || news.jobIds.has(id) ||
          (before.attempt === 0 && this.folderOf(id).eventsSize() !== before.events_offset);
      };
      // Who had to wait comes first, so that however little time there is, each has its turn.
      const wanted = new Set([...this.waiting].filter(id => onDisk.has(id)));
      for (const id of onDisk.keys()) if (mayHaveChanged(id)) wanted.add(id);
      for (const id of wanted) {
        if (this.take(id, this.database.getJob(id), deadlineMs)) changed.push(id);
        wanted.delete(id);
        if (performance.now() > deadlineMs) break;
      }
      this.waiting = wanted;
      // What was announced and not looked at is announced again.
      if (news.jobIds.size > 0 && !this.isBehind) this.database.setState(OFFSET, String(news.offset));
    });
    if (changed.length > 0 || news.jobIds.size > 0) this.saver.changed();
    this.tell(changed);
    return changed;
  }

  /** Whether the history is not read to its end yet: refreshBudgetMs was not enough. */
  get isBehind(): boolean {
    return this.waiting.size > 0;
  }

  /** `listener` is told the ids of jobs that changed, came or went, whoever changed them. Gives what ends it. */
  onChanged(listener: (jobIds: readonly string[]) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  folderOf(jobId: string): JobFolder {
    return new JobFolder(path.join(runsFolder(this.dataDirectory), jobId));
  }

  /** Waits until everything is saved. */
  flush(): Promise<void> {
    return this.saver.flush();
  }

  /** Saves, and lets go of the history. Closing again does nothing. */
  async close(): Promise<void> {
    this.listeners.clear();
    for (const follower of this.followers.values()) follower.close();
    this.closing ??= this.saver.close().then(() => this.database.close());
    await this.closing;
  }

  /** Reads every run directory from its beginning; history without one stays as it is. */
  private rebuild(isNoticed = true): string[] {
    const ids = jobIdsOnDisk(this.dataDirectory);
    this.database.transaction(() => {
      for (const id of this.database.knownJobs().keys()) this.database.deleteJob(id);
      this.database.setState(OFFSET, String(this.journal.readFrom(0)?.offset ?? 0));
    });
    this.waiting = new Set(ids);
    this.refresh();
    if (ids.length > 0 && isNoticed) {
      this.notice({ id: 'jobs/rebuilt', severity: 'info', text: `The job history was missing or stale and has been rebuilt from ${ids.length} run directories.`, where: { file: this.file.file } });
    }
    this.saver.changed();
    return ids;
  }

  private startFollowing(jobId: string): RunFollower {
    this.derive(jobId);
    const { config, events_offset } = this.requireJob(jobId);
    return new RunFollower({
      folder: this.folderOf(jobId), recipe: config, eventsOffset: events_offset, ...this.readSeries(jobId, { maxPoints: SNAPSHOT_POINTS }),
      summary: () => {
        const record = this.derive(jobId) ?? this.getJob(jobId);
        return record && this.summaryOf(record);
      },
    });
  }

  private readSeries(jobId: string, range: SeriesRange): SeriesReading {
    const { fromStep, toStep } = range;
    const stored = seriesOfRows(this.database.getMetrics(jobId, { ...(fromStep !== undefined && { fromStep }), ...(toStep !== undefined && { toStep }) }), range);
    const whole = this.database.isThinned(jobId) ? readSeries(this.folderOf(jobId).root, range) : undefined;
    if (!whole) return { series: stored, lastStep: stored.loss?.steps.at(-1) ?? 0 };
    // Evaluations are few, and only here.
    const evaluations = Object.entries(stored).filter(([name]) => name.startsWith('eval_'));
    return { series: { ...whole.series, ...Object.fromEntries(evaluations) }, lastStep: whole.lastStep };
  }

  private changeNow(jobId: string, decide: (job: JobFile, record: JobRecord) => JobFile): JobRecord {
    const known = this.requireJob(jobId);
    if (known.run_dir === null) throw illegal(jobId, 'was run by Merlina\'s Python', 'be changed here');
    const record = this.derive(jobId) ?? this.requireJob(jobId);
    const folder = this.folderOf(jobId);
    const job = folder.read();
    const changed = decide(job, record);
    if (changed === job) return record;
    this.journal.announce(jobId);
    folder.write(changed);
    const after = this.derive(jobId)!;
    this.tell([jobId]);
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

  private tell(jobIds: readonly string[]): void {
    for (const id of jobIds) this.followers.get(id)?.poke();
    if (jobIds.length > 0) for (const listener of this.listeners) listener(jobIds);
  }

  /** The job's record as its run directory has it now; undefined where there is none. */
  private derive(jobId: string): JobRecord | undefined {
    if (!fs.existsSync(this.folderOf(jobId).root)) return undefined;
    if (this.take(jobId, this.database.getJob(jobId))) {
      this.saver.changed();
      this.tell([jobId]);
    }
    return this.database.getJob(jobId);
  }

  /** Whether anything changed. */
  private take(jobId: string, known: JobRecord | undefined, deadlineMs?: number): boolean {
    const { record, rows, cutAfter, isFresh } = deriveJob(this.folderOf(jobId), known, deadlineMs);
    if (known && !isFresh && JSON.stringify(record) === JSON.stringify(known)) return false;
    this.database.putJob(record);
    if (isFresh) this.database.clearMetrics(jobId);
    else if (cutAfter !== undefined) this.database.cutMetrics(jobId, cutAfter);
    this.database.addMetrics(jobId, rows);
    return true;
  }

  /** A folder's time tells of added and removed ones, if not of two in the same moment; so now and then all are looked at anyway. */
  private mayHaveNewFolders(): boolean {
    const mtimeMs = fs.statSync(runsFolder(this.dataDirectory), { throwIfNoEntry: false })?.mtimeMs;
    const now = performance.now();
    if (mtimeMs === this.seenFolders.mtimeMs && now - this.seenFolders.atMs < FOLDERS_AGE_MS) return false;
    this.seenFolders = { mtimeMs, atMs: now };
    return true;
  }

  private freeId(): string {
    for (;;) {
      const id = newJobId();
      if (!fs.existsSync(this.folderOf(id).root)) return id;
    }
  }

  private async locked<T>(work: () => T): Promise<T> {
    const release = await lockJobs(this.dataDirectory);
    try {
      return work();
    } catch (error) {
      if (!(error instanceof Error) || !('code' in error)) throw error;
      throw problemError('jobs/not-changed', `The job could not be changed (${String(error.code)}); it is as it was.`, {
        where: { file: this.dataDirectory },
        fix: { text: 'Check that the disk is not full and that the folder may be written to, then try again.' },
      }, error);
    } finally {
      await release().catch(() => {}); // taken over as stale: it is another's now
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

function notSaved(error: unknown, file: string): Problem {
  return {
    id: 'jobs/not-saved', severity: 'warning',
    text: `The job history could not be saved (${error instanceof Error ? error.message : String(error)}). Nothing is lost: it is rebuilt from the run directories.`,
    where: { file },
  };
}

const OPEN = ['queued', 'initializing', 'loading_model', 'loading_dataset', 'training', 'evaluating', 'saving', 'stopping'] as const;

function illegal(jobId: string, is: string, wanted: string, fix?: string): Error {
  return problemError('jobs/not-now', `The job ${jobId} ${is} and cannot ${wanted}.`, fix === undefined ? {} : { fix: { text: fix } });
}
