/** The tables `jobs` and `training_metrics` in memory. All SQL about them is here. */
import type { BindParams, Database, ParamsObject, SqlJsStatic, SqlValue } from 'sql.js';
import type { RunStatus } from '../../shared/events';
import { bucketFor, thinOut } from '../../shared/thinOut';
import type { Point } from '../../shared/thinOut';
import type { JobRecord, MetricRow } from '../jobRecord';
import { isEnded, STATUSES } from '../status';
import { isObject, METRIC_COLUMNS, metricOf, metricValue, numberOrNull, recordOf, statusOf, textOf } from './columns';
import type { DatabaseChange } from './databaseChange';
import { migrate } from './migrations';

export interface JobFilter {
  readonly status?: readonly RunStatus[];
  /** Part of id, output_name or base_model. */
  readonly text?: string;
  readonly limit?: number;
  readonly offset?: number;
}

export interface MetricRange {
  readonly fromStep?: number;
  readonly toStep?: number;
  /** At most about so many rows: first, lowest, highest and last of each bucket. */
  readonly maxRows?: number;
  /** Only steps that were evaluated. */
  readonly isEvaluated?: boolean;
}

/** More rows of one job are thinned out to half of it. An ordinary run has fewer steps and keeps each. */
export const METRIC_ROWS_LIMIT = 8192;

export class JobDatabase {
  private readonly db: Database;
  /** Since trackChanges; undefined where nobody asks for them. */
  private changes: DatabaseChange[] | undefined;

  /** Migrates what `bytes` hold; empty without. Throws what SQLite says of a damaged file. */
  constructor(sql: SqlJsStatic, bytes?: Uint8Array) {
    this.db = new sql.Database(bytes);
    if (bytes) this.refuseDamaged();
    migrate(this.db);
  }

  /** Whether takeChanges gives what is changed from now on. */
  trackChanges(isWanted: boolean): void {
    this.changes = isWanted ? [] : undefined;
  }

  /** What was changed since it was last asked. */
  takeChanges(): DatabaseChange[] {
    return this.changes?.splice(0) ?? [];
  }

  /** Does what was done to another copy. */
  apply(change: DatabaseChange): void {
    switch (change.type) {
      case 'putJob': return this.putJob(change.record);
      case 'deleteJob': return this.deleteJob(change.jobId);
      case 'addMetrics': return this.addMetrics(change.jobId, change.rows);
      case 'clearMetrics': return this.clearMetrics(change.jobId);
      case 'cutMetrics': return this.cutMetrics(change.jobId, change.step);
      case 'setState': return this.setState(change.name, change.value);
    }
  }

  putJob(record: JobRecord): void {
    this.changes?.push({ type: 'putJob', record });
    const recipe = isObject(record.config) ? record.config : {};
    const values: Record<string, SqlValue> = {
      ...record, config: JSON.stringify(record.config), metrics: record.metrics && JSON.stringify(record.metrics),
      stop_requested: record.stop_requested ? 1 : 0,
      output_name: textOf(recipe.output_name), base_model: textOf(recipe.base_model),
    };
    const names = Object.keys(values);
    this.db.run(
      `INSERT INTO jobs (${names.join(', ')}) VALUES (${names.map(() => '?').join(', ')})
       ON CONFLICT (job_id) DO UPDATE SET ${names.filter(name => name !== 'job_id').map(name => `${name} = excluded.${name}`).join(', ')}`,
      Object.values(values),
    );
  }

  deleteJob(jobId: string): void {
    this.changes?.push({ type: 'deleteJob', jobId });
    this.db.run('DELETE FROM training_metrics WHERE job_id = ?', [jobId]);
    this.db.run('DELETE FROM jobs WHERE job_id = ?', [jobId]);
  }

  getJob(jobId: string): JobRecord | undefined {
    return this.rows('SELECT * FROM jobs WHERE job_id = ?', [jobId]).map(recordOf)[0];
  }

  /** Newest first. */
  listJobs(filter: JobFilter = {}): JobRecord[] {
    const { sql, values } = where(filter);
    return this.rows(`SELECT * FROM jobs ${sql} ORDER BY created_at DESC, job_id DESC LIMIT ? OFFSET ?`, [...values, filter.limit ?? -1, filter.offset ?? 0]).map(recordOf);
  }

  countJobs(filter: JobFilter = {}): number {
    const { sql, values } = where(filter);
    return Number(this.rows(`SELECT COUNT(*) AS count FROM jobs ${sql}`, values)[0]!.count);
  }

  /** What is known of jobs that have a run directory here, by id; `isOpen`: only of those that may change unannounced. */
  knownJobs({ isOpen = false } = {}): Map<string, Pick<JobRecord, 'status' | 'attempt' | 'events_offset'>> {
    const ended = STATUSES.filter(isEnded);
    const { sql, values } = isOpen ? { sql: `AND (attempt = 0 OR status NOT IN (${ended.map(() => '?').join(', ')}))`, values: ended } : { sql: '', values: [] };
    return new Map(this.rows(`SELECT job_id, status, attempt, events_offset FROM jobs WHERE run_dir IS NOT NULL ${sql}`, [...values]).map(row => [
      String(row.job_id), { status: statusOf(row.status), attempt: numberOrNull(row.attempt) ?? 0, events_offset: numberOrNull(row.events_offset) ?? 0 },
    ]));
  }

  /** Adds or replaces steps. A step that is known takes what the new row says of it. */
  addMetrics(jobId: string, rows: readonly MetricRow[]): void {
    if (rows.length === 0) return;
    this.changes?.push({ type: 'addMetrics', jobId, rows });
    const bucketSteps = this.bucketSteps(jobId);
    const kept = bucketSteps === 1 ? rows : thinOut(rows.map(pointOf), bucketSteps).map(index => rows[index]!);
    this.transaction(() => {
      const find = this.db.prepare('SELECT id FROM training_metrics WHERE job_id = ? AND step = ? LIMIT 1');
      const insert = this.db.prepare(`INSERT INTO training_metrics (job_id, ${METRIC_COLUMNS.join(', ')}) VALUES (?, ${METRIC_COLUMNS.map(() => '?').join(', ')})`);
      const update = this.db.prepare(`UPDATE training_metrics SET ${METRIC_COLUMNS.map(updateOf).join(', ')} WHERE id = ?`);
      for (const row of kept) {
        const values = METRIC_COLUMNS.map(name => metricValue(row, name));
        find.bind([jobId, row.step]);
        const id = find.step() ? find.get()[0]! : undefined;
        find.reset();
        if (id === undefined) insert.run([jobId, ...values]);
        else update.run([...values, id]);
      }
      for (const statement of [find, insert, update]) statement.free();
    });
    this.thinOutJob(jobId);
  }

  clearMetrics(jobId: string): void {
    this.changes?.push({ type: 'clearMetrics', jobId });
    this.db.run('DELETE FROM training_metrics WHERE job_id = ?', [jobId]);
    this.db.run('UPDATE jobs SET bucket_steps = 1 WHERE job_id = ?', [jobId]);
  }

  /** The run goes on from `step`: what came after it is to come again. */
  cutMetrics(jobId: string, step: number): void {
    this.changes?.push({ type: 'cutMetrics', jobId, step });
    this.db.run('DELETE FROM training_metrics WHERE job_id = ? AND step > ?', [jobId, step]);
  }

  /** In order of step. */
  getMetrics(jobId: string, { fromStep = 0, toStep = Number.MAX_SAFE_INTEGER, maxRows, isEvaluated = false }: MetricRange = {}): MetricRow[] {
    const rows = this.rows(`SELECT * FROM training_metrics WHERE job_id = ? AND step BETWEEN ? AND ?${isEvaluated ? ' AND eval_loss IS NOT NULL' : ''} ORDER BY step, id`, [jobId, fromStep, toStep]).map(metricOf);
    if (maxRows === undefined || rows.length <= maxRows) return rows;
    const points = rows.map(pointOf);
    return thinOut(points, bucketFor(points, 1, maxRows)).map(index => rows[index]!);
  }

  getState(name: string): string | undefined {
    const value = this.rows('SELECT value FROM store_state WHERE name = ?', [name])[0]?.value;
    return value === undefined ? undefined : String(value);
  }

  setState(name: string, value: string): void {
    this.changes?.push({ type: 'setState', name, value });
    this.db.run('INSERT INTO store_state (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value', [name, value]);
  }

  transaction(work: () => void): void {
    const changesBefore = this.changes?.length;
    this.db.run('SAVEPOINT work');
    try {
      work();
      this.db.run('RELEASE work');
    } catch (error) {
      this.db.run('ROLLBACK TO work');
      this.db.run('RELEASE work');
      if (changesBefore !== undefined) this.changes?.splice(changesBefore);
      throw error;
    }
  }

  /** The whole database as a file's bytes. */
  export(): Uint8Array {
    return this.db.export();
  }

  close(): void {
    this.db.close();
  }

  /** Whether some of a job's steps are no longer here. */
  isThinned(jobId: string): boolean {
    return this.bucketSteps(jobId) > 1;
  }

  private bucketSteps(jobId: string): number {
    return Number(this.rows('SELECT bucket_steps FROM jobs WHERE job_id = ?', [jobId])[0]?.bucket_steps ?? 1);
  }

  private thinOutJob(jobId: string): void {
    if (Number(this.rows('SELECT COUNT(*) AS count FROM training_metrics WHERE job_id = ?', [jobId])[0]!.count) <= METRIC_ROWS_LIMIT) return;
    const points = this.rows('SELECT id, step, loss, eval_loss FROM training_metrics WHERE job_id = ? ORDER BY step, id', [jobId])
      .map(({ id, step, loss, eval_loss }) => ({ id: id!, ...pointOf({ step: Number(step), loss: numberOrNull(loss), eval_loss: numberOrNull(eval_loss) }) }));
    const bucketSteps = bucketFor(points, this.bucketSteps(jobId), METRIC_ROWS_LIMIT / 2);
    const kept = new Set(thinOut(points, bucketSteps));
    this.transaction(() => {
      const remove = this.db.prepare('DELETE FROM training_metrics WHERE id = ?');
      for (const [index, { id }] of points.entries()) if (!kept.has(index)) remove.run([id]);
      remove.free();
      this.db.run('UPDATE jobs SET bucket_steps = ? WHERE job_id = ?', [bucketSteps, jobId]);
    });
  }

  private refuseDamaged(): void {
    const said = this.rows('PRAGMA quick_check(1)')[0]?.quick_check;
    if (said !== 'ok') throw new Error(`quick_check: ${String(said)}`);
  }

  private rows(sql: string, values: BindParams = []): ParamsObject[] {
    const statement = this.db.prepare(sql, values);
    try {
      const found: ParamsObject[] = [];
      while (statement.step()) found.push(statement.getAsObject());
      return found;
    } finally {
      statement.free();
    }
  }
}

/** What a known step's column takes from the new row. Training and evaluation of one step come in two rows, each with names of its own in `extra`. */
function updateOf(name: (typeof METRIC_COLUMNS)[number]): string {
  return name === 'extra' ? `extra = COALESCE(json_patch(COALESCE(extra, '{}'), ?), extra)` : `${name} = COALESCE(?, ${name})`;
}

function pointOf({ step, loss, eval_loss }: Pick<MetricRow, 'step' | 'loss' | 'eval_loss'>): Point {
  return { step, value: loss, evaluation: eval_loss };
}

function where({ status, text }: JobFilter): { sql: string; values: SqlValue[] } {
  const parts: string[] = [];
  const values: SqlValue[] = [];
  if (status) {
    parts.push(`status IN (${status.map(() => '?').join(', ')})`);
    values.push(...status);
  }
  if (text !== undefined && text !== '') {
    parts.push('(instr(lower(job_id), ?) OR instr(lower(output_name), ?) OR instr(lower(base_model), ?))');
    values.push(...Array<string>(3).fill(text.toLowerCase()));
  }
  return { sql: parts.length === 0 ? '' : `WHERE ${parts.join(' AND ')}`, values };
}
