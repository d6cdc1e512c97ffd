/** Saves the job history some time after it changed. One process at a time writes jobs.db; the others read it, and follow the run directories. */
import fs from 'node:fs';
import { Worker } from 'node:worker_threads';
import lockfile from 'proper-lockfile';
import type { DatabaseFile } from './databaseFile';
import type { DatabaseWorkerData, SaveAnswer, SaveRequest } from './databaseWorker';
import type { JobDatabase } from './jobDatabase';

/** Changes gather for so long before they are saved. */
const SAVE_DELAY_MS = 500;
/** Every save writes the whole history: a long one is saved more rarely, so that no disk is worn out by it. */
const BYTES_PER_MS = 5_000;
/** How soon a process that may not write asks again. */
const RETRY_MS = 2000;
/** A writer without a sign of life for so long is gone, or its machine slept. */
const STALE_MS = 10_000;

export interface SaverOptions {
  readonly dataDirectory: string;
  readonly wasmFile: string | undefined;
  /** databaseWorker's bundle. Without it the history is exported on the caller's thread: right for a command that ends anyway. */
  readonly workerFile: string | undefined;
  readonly onFailure: (error: unknown) => void;
}

export class DatabaseSaver {
  private timer: NodeJS.Timeout | undefined;
  private saving: Promise<void> = Promise.resolve();
  private isDirty = false;
  private lastBytes = 0;
  private releaseLock: (() => Promise<void>) | undefined;
  private thread: SavingThread | undefined;
  private hasThreadFailed = false;

  constructor(private readonly file: DatabaseFile, private readonly database: JobDatabase, private readonly options: SaverOptions) {}

  /** To be called after every change. */
  changed(): void {
    this.isDirty = true;
    this.saveAfter(Math.max(SAVE_DELAY_MS, this.lastBytes / BYTES_PER_MS));
  }

  /** Saves now what is not saved yet, unless another process is the writer: it takes in the same from the run directories. */
  async flush(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.saving = this.saving.then(() => this.save());
    await this.saving;
  }

  async close(): Promise<void> {
    await this.flush();
    clearTimeout(this.timer);
    await this.thread?.end();
    await this.releaseLock?.().catch(() => {}); // taken over as stale: it is another's now
    this.releaseLock = undefined;
  }

  private saveAfter(ms: number): void {
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      this.saving = this.saving.then(() => this.save());
    }, ms).unref();
  }

  /** A failure loses nothing: the run directories are the truth, and the next change tries again. */
  private async save(): Promise<void> {
    // Looking for jobs where there are none leaves nothing behind.
    if (!this.isDirty || !fs.existsSync(this.options.dataDirectory)) return;
    this.isDirty = false;
    try {
      if (await this.mayWrite()) return await this.write();
      this.isDirty = true;
      this.saveAfter(RETRY_MS);
    } catch (error) {
      this.isDirty = true;
      this.options.onFailure(error);
    }
  }

  private async mayWrite(): Promise<boolean> {
    if (this.releaseLock) return true;
    const onCompromised = (): void => { this.releaseLock = undefined; };
    try {
      this.releaseLock = await lockfile.lock(this.file.file, { realpath: false, stale: STALE_MS, onCompromised });
      return true;
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ELOCKED') return false;
      throw error;
    }
  }

  private async write(): Promise<void> {
    const { workerFile } = this.options;
    if (workerFile === undefined || this.hasThreadFailed) {
      const bytes = this.database.export();
      this.lastBytes = bytes.length;
      return this.file.save(bytes);
    }
    try {
      this.thread ??= this.startThread(workerFile);
      this.lastBytes = await this.thread.save(this.database.takeChanges());
    } catch (error) {
      if (!(error instanceof ThreadGone)) throw error;
      this.hasThreadFailed = true;
      this.thread = undefined;
      this.database.trackChanges(false);
      this.options.onFailure(error);
      await this.write();
    }
  }

  private startThread(workerFile: string): SavingThread {
    const { dataDirectory, wasmFile } = this.options;
    const bytes = this.database.export();
    this.database.trackChanges(true);
    return new SavingThread(workerFile, { dataDirectory, wasmFile, bytes });
  }
}

/** The thread itself cannot go on, whatever the disk does. */
class ThreadGone extends Error {}

/** The host's end of databaseWorker. Keeps the process alive only while something is being saved. */
class SavingThread {
  private readonly worker: Worker;
  private readonly waiting = new Map<number, { resolve(bytes: number): void; reject(error: Error): void }>();
  private nextId = 1;
  private gone: ThreadGone | undefined;

  constructor(file: string, data: DatabaseWorkerData) {
    this.worker = new Worker(file, { workerData: data, transferList: [data.bytes.buffer as ArrayBuffer] });
    this.worker.unref();
    this.worker.on('message', ({ id, bytes, error }: SaveAnswer) => {
      const waiting = this.waiting.get(id);
      this.settle(id);
      if (error === undefined) waiting?.resolve(bytes);
      else waiting?.reject(new Error(error));
    });
    this.worker.on('error', error => this.fail(error.message));
    this.worker.on('exit', code => this.fail(`exit code ${code}`));
  }

  /** Gives the size of what was written, bytes. */
  save(changes: SaveRequest['changes']): Promise<number> {
    if (this.gone) return Promise.reject(this.gone);
    const id = this.nextId++;
    this.worker.ref();
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve, reject });
      this.worker.postMessage({ id, changes } satisfies SaveRequest);
    });
  }

  async end(): Promise<void> {
    await this.worker.terminate();
  }

  private settle(id: number): void {
    this.waiting.delete(id);
    if (this.waiting.size === 0) this.worker.unref();
  }

  private fail(words: string): void {
    this.gone ??= new ThreadGone(`the thread that saves ended: ${words}`);
    for (const { reject } of this.waiting.values()) reject(this.gone);
    this.waiting.clear();
  }
}
