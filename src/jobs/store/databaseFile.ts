/** jobs.db on disk: opened whatever state it is in, saved whole or not at all. It is an index; the run directories are the truth. */
import fs from 'node:fs';
import path from 'node:path';
import { problemError } from '../../shared/problem';
import type { Problem } from '../../shared/problem';
import { replaceDurablyInBackground } from '../replaceDurably';
import { JobDatabase } from './jobDatabase';
import { loadSql } from './loadSql';

export interface OpenedDatabase {
  readonly database: JobDatabase;
  /** Whether it may lack jobs that have a run directory. */
  readonly isRebuilt: boolean;
  readonly notices: readonly Problem[];
}

/** A backup is as old as this before it is made anew. */
const BACKUP_AGE_MS = 10 * 60_000;

export class DatabaseFile {
  readonly file: string;
  private lastBackup = -Infinity;

  constructor(dataDirectory: string, private readonly wasmFile?: string) {
    this.file = path.join(dataDirectory, 'jobs.db');
  }

  get backup(): string {
    return `${this.file}.bak`;
  }

  /** Never fails for a damaged file: it is put aside, and the backup or an empty one is taken. Problem where rows would be lost. */
  async open(): Promise<OpenedDatabase> {
    this.refuseUnmergedLog();
    const sql = await loadSql(this.wasmFile);
    const bytes = readIfThere(this.file);
    if (!bytes || bytes.length === 0) return { database: new JobDatabase(sql), isRebuilt: true, notices: [] };
    try {
      return { database: new JobDatabase(sql, bytes), isRebuilt: false, notices: [] };
    } catch (error) {
      if (error instanceof Error && 'problems' in error) throw error;
      const aside = this.putAside();
      const backup = readIfThere(this.backup);
      const database = (backup && tryOpen(() => new JobDatabase(sql, backup))) ?? new JobDatabase(sql);
      return { database, isRebuilt: true, notices: [{
        id: 'jobs/rebuilt',
        severity: 'warning',
        text: `The job history was damaged (${error instanceof Error ? error.message : String(error)}) and has been rebuilt from the run directories.`,
        where: { file: this.file },
        ...(aside !== undefined && { notes: [`The damaged file is kept as ${path.basename(aside)}.`] }),
      }] };
    }
  }

  async save(bytes: Uint8Array): Promise<void> {
    if (performance.now() - this.lastBackup > BACKUP_AGE_MS && fs.existsSync(this.file)) {
      this.lastBackup = performance.now();
      await replaceDurablyInBackground(this.backup, await fs.promises.readFile(this.file));
    }
    await replaceDurablyInBackground(this.file, bytes);
  }

  /** SQLite merges the log when it is next opened; sql.js does not know of it and would lose what it holds. */
  private refuseUnmergedLog(): void {
    const log = `${this.file}-wal`;
    const bytes = fs.statSync(log, { throwIfNoEntry: false })?.size ?? 0;
    if (bytes === 0) return;
    throw problemError('jobs/unmerged-log', `The job history has ${bytes} bytes that are not merged into it; Merlina's Python is running, or was ended hard.`, {
      where: { file: log },
      fix: { text: `End Merlina's Python, then run \`sqlite3 "${this.file}" "PRAGMA wal_checkpoint(TRUNCATE)"\`, or start and end it once.` },
    });
  }

  private putAside(): string | undefined {
    const aside = `${this.file}.damaged-${new Date().toISOString().replaceAll(/[:.]/g, '-')}`;
    try {
      fs.renameSync(this.file, aside);
      return aside;
    } catch {
      return undefined; // a read-only folder: the file stays, and is rebuilt in memory each time
    }
  }
}

function tryOpen<T>(open: () => T): T | undefined {
  try {
    return open();
  } catch {
    return undefined;
  }
}

function readIfThere(file: string): Uint8Array | undefined {
  try {
    return fs.readFileSync(file);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw problemError('jobs/unreadable', `The job history cannot be read (${error instanceof Error ? error.message : String(error)}).`, {
      where: { file },
      fix: { text: 'Make the file readable, or name another folder with --data-dir.' },
    }, error);
  }
}
