/** All jobs of a data directory: submitted, changed, listed, followed. Several processes may have one open at once. */
import fs from 'node:fs';
import path from 'node:path';
import { problemError } from '../shared/problem';
import type { Problem } from '../shared/problem';
import { deriveJob } from './deriveJob';
import { jobIdsOnDisk, JobFolder, makeJobFolder, runsFolder } from './jobFolder';
import type { JobFile } from './jobFolder';
import { newJobId } from './jobRecord';
import type { JobRecord, MetricRow } from './jobRecord';
import { Journal } from './journal';
import { lockJobs } from './lockJobs';
import type { Priority } from './queue';
import { isActive, isEnded, isLegal } from './status';
import { DatabaseFile } from './store/databaseFile';
import type { JobDatabase, JobFilter, MetricRange } from './store/jobDatabase';
import { moveToTrash } from './trash';

export interface JobManagerOptions {
  /** Where sql.js's WebAssembly is; found by itself beside the bundle. */
  readonly wasmFile?: string;
  /** Told of what was repaired, and of what could not be saved. */
  readonly onNotice?: (notice: Problem) => void;
}

/** Changes gather for so long before they are saved. */
const SAVE_DELAY_MS = 500;
/** Run directories are listed at least this often. */
const FOLDERS_AGE_MS = 2000;
const OFFSET = 'journal_offset';

export class JobManager {
  private saveTimer: NodeJS.Timeout | undefined;
  private saving: Promise<void> = Promise.resolve();
  private isDirty = false;
  private seenFolders: { mtimeMs: number | undefined; atMs: number } = { mtimeMs: undefined, atMs: -Infinity };
  private readonly journal: Journal;

  private constructor(
    readonly dataDirectory: string,
    private readonly file: DatabaseFile,
    private readonly database: JobDatabase,
    private readonly notice: (notice: Problem) => void,
  ) {
    this.journal = new Journal(dataDirectory);
  }

  /** Opens what is there, and mends it from the run directories. */
  static async open(dataDirectory: string, { wasmFile, onNotice = () => {} }: JobManagerOptions = {}): Promise<JobManager> {
    const file = new DatabaseFile(dataDirectory, wasmFile);
    const { database, isRebuilt, notices } = await file.open();
    for (const notice of notices) onNotice(notice);
    const manager = new JobManager(path.resolve(dataDirectory), file, database, onNotice);
    if (isRebuilt) manager.rebuild(notices.length === 0);
    else manager.refresh();
    return manager;
  }

  /** Queues a recipe. On disk, whole, when it returns. */
  async createJob(recipe: unknown, { priority = 'normal', device = 'cpu' }: { priority?: Priority; device?: string } = {}): Promise<JobRecord> {
    this.makeDataDirectory();
    return this.locked(() => {
      this.refresh();
      const position = Math.max(0, ...this.openJobs().map(job => job.position)) + 1;
      const job: JobFile = {
        version: 1, job_id: this.freeId(), created_at: new Date().toISOString(), priority, position, device,
        state: 'queued', attempt: 0, events_from: 0, stop_requested: false, end: null,
      };
      makeJobFolder(this.dataDirectory, job, recipe);
      return this.derive(job.job_id)!;
    });
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

  /** Moves a job in the queue. */
  async updateJob(jobId: string, change: { readonly priority?: Priority; readonly position?: number }): Promise<JobRecord> {
    return this.change(jobId, job => ({ ...job, ...change }));
  }

  addMetric(jobId: string, row: MetricRow): void {
    this.database.addMetrics(jobId, [row]);
    this.saveSoon();
  }

  getMetrics(jobId: string, range?: MetricRange): MetricRow[] {
    return this.database.getMetrics(jobId, range);
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

  /** Queues a job again that stopped, failed or was cancelled; it goes on from its newest checkpoint. */
  async resumeJob(jobId: string): Promise<JobRecord> {
    return this.change(jobId, (job, { status }) => {
      if (!isLegal(status, 'queued') || !isEnded(status)) throw illegal(jobId, status === 'completed' ? 'is complete' : `is ${status}`, 'be resumed');
      const position = Math.max(0, ...this.openJobs().map(one => one.position)) + 1;
      return { ...job, state: 'queued', position, stop_requested: false, end: null };
    });
  }

  /** Removes an ended job with its run directory, into the trash where there is one. Says where it went. */
  async deleteJob(jobId: string): Promise<'trash' | 'removed' | 'history'> {
    return this.locked(() => {
      const { status, run_dir } = this.derive(jobId) ?? this.requireJob(jobId);
      if (isActive(status)) throw illegal(jobId, `is running (${status})`, 'be deleted', 'Stop it first with `merlina jobs stop`.');
      const went = run_dir === null ? 'history' : moveToTrash(this.folderOf(jobId).root);
      this.database.deleteJob(jobId);
      this.saveSoon();
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
    return this.locked(() => {
      const known = this.requireJob(jobId);
      if (known.run_dir === null) throw illegal(jobId, 'was run by Merlina\'s Python', 'be changed here');
      const record = this.derive(jobId) ?? this.requireJob(jobId);
      const folder = this.folderOf(jobId);
      const job = folder.read();
      const changed = decide(job, record);
      if (changed === job) return record;
      this.journal.announce(jobId);
      folder.write(changed);
      return this.derive(jobId)!;
    });
  }

  /** Takes in what other processes and trainers wrote. Gives the ids whose records changed. */
  refresh(): string[] {
    const news = this.journal.readFrom(Number(this.database.getState(OFFSET) ?? 0));
    if (!news) return this.rebuild();
    const isFull = news.jobIds.size > 0 || this.mayHaveNewFolders();
    const known = this.database.knownJobs({ isOpen: !isFull });
    const onDisk = isFull ? new Set(jobIdsOnDisk(this.dataDirectory)) : known;
    const changed: string[] = [];
    this.database.transaction(() => {
      for (const id of known.keys()) {
        if (onDisk.has(id)) continue;
        this.database.deleteJob(id);
        changed.push(id);
      }
      for (const id of onDisk.keys()) {
        const before = known.get(id);
        // Nobody announces that a run is resumed in the foreground; its events grow.
        const mayHaveChanged = before === undefined || !isEnded(before.status) || news.jobIds.has(id) ||
          (before.attempt === 0 && this.folderOf(id).eventsSize() !== before.events_offset);
        if (mayHaveChanged && this.take(id, this.database.getJob(id))) changed.push(id);
      }
      if (news.jobIds.size > 0) this.database.setState(OFFSET, String(news.offset));
    });
    if (changed.length > 0 || news.jobIds.size > 0) this.saveSoon();
    return changed;
  }

  folderOf(jobId: string): JobFolder {
    return new JobFolder(path.join(runsFolder(this.dataDirectory), jobId));
  }

  /** Waits until everything is saved. */
  async flush(): Promise<void> {
    clearTimeout(this.saveTimer);
    this.saveTimer = undefined;
    await this.saving;
    if (!this.isDirty) return;
    this.saving = this.save();
    await this.saving;
  }

  async close(): Promise<void> {
    await this.flush();
    this.database.close();
  }

  /** Reads every run directory from its beginning; history without one stays as it is. */
  private rebuild(isNoticed = true): string[] {
    const ids = jobIdsOnDisk(this.dataDirectory);
    this.database.transaction(() => {
      for (const id of this.database.knownJobs().keys()) this.database.deleteJob(id);
      for (const id of ids) this.take(id, undefined);
      this.database.setState(OFFSET, String(this.journal.readFrom(0)?.offset ?? 0));
    });
    if (ids.length > 0 && isNoticed) {
      this.notice({ id: 'jobs/rebuilt', severity: 'info', text: `The job history was missing or stale and has been rebuilt from ${ids.length} run directories.`, where: { file: this.file.file } });
    }
    this.saveSoon();
    return ids;
  }

  /** The job's record as its run directory has it now; undefined where there is none. */
  private derive(jobId: string): JobRecord | undefined {
    if (!fs.existsSync(this.folderOf(jobId).root)) return undefined;
    if (this.take(jobId, this.database.getJob(jobId))) this.saveSoon();
    return this.database.getJob(jobId);
  }

  /** Whether anything changed. */
  private take(jobId: string, known: JobRecord | undefined): boolean {
    const { record, rows, isFresh } = deriveJob(this.folderOf(jobId), known);
    if (known && !isFresh && JSON.stringify(record) === JSON.stringify(known)) return false;
    this.database.putJob(record);
    if (isFresh) this.database.clearMetrics(jobId);
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

  private saveSoon(): void {
    this.isDirty = true;
    this.saveTimer ??= setTimeout(() => {
      this.saveTimer = undefined;
      this.saving = this.saving.then(() => this.save());
    }, SAVE_DELAY_MS).unref();
  }

  /** A failure loses nothing: the run directories are the truth, and the next change tries again. */
  private async save(): Promise<void> {
    if (!this.isDirty) return;
    this.isDirty = false;
    // Looking for jobs where there are none leaves nothing behind.
    if (!fs.existsSync(this.dataDirectory)) return;
    try {
      await this.file.save(this.database.export());
    } catch (error) {
      this.notice({
        id: 'jobs/not-saved', severity: 'warning',
        text: `The job history could not be saved (${error instanceof Error ? error.message : String(error)}). Nothing is lost: it is rebuilt from the run directories.`,
        where: { file: this.file.file },
      });
    }
  }
}

const OPEN = ['queued', 'initializing', 'loading_model', 'loading_dataset', 'training', 'evaluating', 'saving', 'stopping'] as const;

function illegal(jobId: string, is: string, wanted: string, fix?: string): Error {
  return problemError('jobs/not-now', `The job ${jobId} ${is} and cannot ${wanted}.`, fix === undefined ? {} : { fix: { text: fix } });
}
