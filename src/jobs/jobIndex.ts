/** jobs.db kept up to date with the run directories, which are the truth: what other processes and trainers wrote is taken in here. */
import fs from 'node:fs';
import path from 'node:path';
import type { Problem } from '../shared/problem';
import { deriveJob } from './deriveJob';
import { jobIdsOnDisk, JobFolder, runsFolder } from './jobFolder';
import type { JobRecord } from './jobRecord';
import { Journal } from './journal';
import { isEnded } from './status';
import { DatabaseFile } from './store/databaseFile';
import { DatabaseSaver } from './store/databaseSaver';
import type { JobDatabase } from './store/jobDatabase';

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

/** Run directories are listed at least this often. */
const FOLDERS_AGE_MS = 2000;
const MARK = 'journal_mark';

export class JobIndex {
  /** Run directories that the last refresh had no time for. */
  private waiting = new Set<string>();
  private closing: Promise<void> | undefined;
  private readonly listeners = new Set<(jobIds: readonly string[]) => void>();
  private seenFolders: { mtimeMs: number | undefined; atMs: number } = { mtimeMs: undefined, atMs: -Infinity };
  private readonly journal: Journal;

  private constructor(
    readonly dataDirectory: string,
    private readonly file: DatabaseFile,
    readonly database: JobDatabase,
    readonly saver: DatabaseSaver,
    private readonly notice: (notice: Problem) => void,
    private readonly refreshBudgetMs: number,
  ) {
    this.journal = new Journal(dataDirectory);
  }

  /** Opens what is there, and mends it from the run directories. */
  static async open(dataDirectory: string, { wasmFile, workerFile, refreshBudgetMs = Infinity, onNotice = () => {} }: JobManagerOptions): Promise<JobIndex> {
    const file = new DatabaseFile(dataDirectory, wasmFile);
    const { database, isRebuilt, notices } = await file.open();
    for (const notice of notices) onNotice(notice);
    const saver = new DatabaseSaver(file, database, { dataDirectory, wasmFile, workerFile, onFailure: error => onNotice(notSaved(error, file.file)) });
    const index = new JobIndex(path.resolve(dataDirectory), file, database, saver, onNotice, refreshBudgetMs);
    if (isRebuilt) index.rebuild(notices.length === 0);
    else index.refresh();
    return index;
  }

  /** Takes in what other processes and trainers wrote. Gives the ids whose records changed. */
  refresh(): string[] {
    const news = this.journal.readFrom(this.database.getState(MARK));
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
        const { hasChanged, isPartial } = this.take(id, deadlineMs < Infinity);
        if (hasChanged) changed.push(id);
        wanted.delete(id);
        if (isPartial) wanted.add(id);
        if (performance.now() > deadlineMs) break;
      }
      this.waiting = wanted;
      // What was announced and not looked at is announced again.
      if (news.jobIds.size > 0 && !this.isBehind) this.database.setState(MARK, news.mark);
    });
    if (changed.length > 0 || news.jobIds.size > 0) this.saver.changed();
    this.tell([...new Set(changed)]);
    return [...new Set(changed)];
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

  /** The job's record as its run directory has it now; undefined where there is none. `isHurried`: a piece is enough where time is short. */
  derive(jobId: string, { isHurried = false } = {}): JobRecord | undefined {
    if (!fs.existsSync(this.folderOf(jobId).root)) return undefined;
    if (this.take(jobId, isHurried && this.refreshBudgetMs < Infinity).hasChanged) {
      this.saver.changed();
      this.tell([jobId]);
    }
    return this.database.getJob(jobId);
  }

  /** To be called before a job.json is written, so that no change is missed if this process dies, and after. */
  announce(jobId: string): void {
    this.journal.announce(jobId);
  }

  deleteJob(jobId: string): void {
    this.database.deleteJob(jobId);
    this.saver.changed();
    this.tell([jobId]);
  }

  tell(jobIds: readonly string[]): void {
    if (jobIds.length > 0) for (const listener of this.listeners) listener(jobIds);
  }

  /** Saves, and lets go of the history. Closing again does nothing. */
  async close(): Promise<void> {
    this.listeners.clear();
    this.closing ??= this.saver.close().then(() => this.database.close());
    await this.closing;
  }

  /** Reads every run directory from its beginning; history without one stays as it is. */
  private rebuild(isNoticed = true): string[] {
    const ids = jobIdsOnDisk(this.dataDirectory);
    this.database.transaction(() => {
      for (const id of this.database.knownJobs().keys()) this.database.deleteJob(id);
      this.database.setState(MARK, this.journal.readFrom()!.mark);
    });
    this.waiting = new Set(ids);
    this.refresh();
    if (ids.length > 0 && isNoticed) {
      this.notice({ id: 'jobs/rebuilt', severity: 'info', text: `The job history was missing or stale and has been rebuilt from ${ids.length} run directories.`, where: { file: this.file.file } });
    }
    this.saver.changed();
    return ids;
  }

  /** Takes in what a run directory has, or a piece of it. */
  private take(jobId: string, isHurried: boolean): { hasChanged: boolean; isPartial: boolean } {
    const known = this.database.getJob(jobId);
    const { record, rows, cutAfter, isFresh, isPartial } = deriveJob(this.folderOf(jobId), known, isHurried);
    if (known && !isFresh && JSON.stringify(record) === JSON.stringify(known)) return { hasChanged: false, isPartial };
    this.database.putJob(record);
    if (isFresh) this.database.clearMetrics(jobId);
    else if (cutAfter !== undefined) this.database.cutMetrics(jobId, cutAfter);
    this.database.addMetrics(jobId, rows);
    return { hasChanged: true, isPartial };
  }

  /** A folder's time tells of added and removed ones, if not of two in the same moment; so now and then all are looked at anyway. */
  private mayHaveNewFolders(): boolean {
    const mtimeMs = fs.statSync(runsFolder(this.dataDirectory), { throwIfNoEntry: false })?.mtimeMs;
    const now = performance.now();
    if (mtimeMs === this.seenFolders.mtimeMs && now - this.seenFolders.atMs < FOLDERS_AGE_MS) return false;
    this.seenFolders = { mtimeMs, atMs: now };
    return true;
  }
}

function notSaved(error: unknown, file: string): Problem {
  return {
    id: 'jobs/not-saved', severity: 'warning',
    text: `The job history could not be saved (${error instanceof Error ? error.message : String(error)}). Nothing is lost: it is rebuilt from the run directories.`,
    where: { file },
  };
}
