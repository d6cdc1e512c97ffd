/** The tables `jobs` and `training_metrics` in memory. All SQL about them is here. */
import type { BindParams, Database, ParamsObject, SqlJsStatic, SqlValue } from 'sql.js';
import type { RunStatus } from '../../shared/events';
import type { JobRecord, MetricRow } from '../jobRecord';
import { isPriority } from '../queue';
import { isEnded, STATUSES } from '../status';
import { migrate } from './migrations';
import { bucketFor, thinOut } from '../../shared/thinOut';

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
}

/** More rows of one job are thinned out to half of it. An ordinary run has fewer steps and keeps each. */
export const METRIC_ROWS_LIMIT = 8192;

export class JobDatabase {
  private readonly db: Database;

  /** Migrates what `bytes` hold; empty without. Throws what SQLite says of a damaged file. */
  constructor(sql: SqlJsStatic, bytes?: Uint8Array) {
    this.db = new sql.Database(bytes);
    if (bytes) this.refuseDamaged();
    migrate(this.db);
  }

  putJob(record: JobRecord): void {
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
    this.transaction(() => {
      const find = this.db.prepare('SELECT id FROM training_metrics WHERE job_id = ? AND step = ? LIMIT 1');
      const insert = this.db.prepare(`INSERT INTO training_metrics (job_id, ${METRIC_COLUMNS.join(', ')}) VALUES (?, ${METRIC_COLUMNS.map(() => '?').join(', ')})`);
      const update = this.db.prepare(`UPDATE training_metrics SET ${METRIC_COLUMNS.map(name => `${name} = COALESCE(?, ${name})`).join(', ')} WHERE id = ?`);
      for (const row of rows) {
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
    this.db.run('DELETE FROM training_metrics WHERE job_id = ?', [jobId]);
    this.db.run('UPDATE jobs SET bucket_steps = 1 WHERE job_id = ?', [jobId]);
  }

  /** In order of step. */
  getMetrics(jobId: string, { fromStep = 0, toStep = Number.MAX_SAFE_INTEGER, maxRows }: MetricRange = {}): MetricRow[] {
    const rows = this.rows('SELECT * FROM training_metrics WHERE job_id = ? AND step BETWEEN ? AND ? ORDER BY step, id', [jobId, fromStep, toStep]).map(metricOf);
    if (maxRows === undefined || rows.length <= maxRows) return rows;
    const points = rows.map(({ step, loss, eval_loss }) => ({ step, value: loss ?? eval_loss }));
    return thinOut(points, bucketFor(points, 1, maxRows)).map(index => rows[index]!);
  }

  getState(name: string): string | undefined {
    const value = this.rows('SELECT value FROM store_state WHERE name = ?', [name])[0]?.value;
    return value === undefined ? undefined : String(value);
  }

  setState(name: string, value: string): void {
    this.db.run('INSERT INTO store_state (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value', [name, value]);
  }

  transaction(work: () => void): void {
    this.db.run('SAVEPOINT work');
    try {
      work();
      this.db.run('RELEASE work');
    } catch (error) {
      this.db.run('ROLLBACK TO work');
      this.db.run('RELEASE work');
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

  private thinOutJob(jobId: string): void {
    const points = this.rows('SELECT id, step, COALESCE(loss, eval_loss) AS value FROM training_metrics WHERE job_id = ? ORDER BY step, id', [jobId])
      .map(({ id, step, value }) => ({ id: id!, step: Number(step), value: numberOrNull(value) }));
    if (points.length <= METRIC_ROWS_LIMIT) return;
    const before = Number(this.rows('SELECT bucket_steps FROM jobs WHERE job_id = ?', [jobId])[0]?.bucket_steps ?? 1);
    const bucketSteps = bucketFor(points, before, METRIC_ROWS_LIMIT / 2);
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

const METRIC_COLUMNS = ['timestamp', 'step', 'loss', 'eval_loss', 'learning_rate', 'gpu_memory_used', 'epoch', 'grad_norm', 'tokens_per_second', 'extra'] as const;

function metricValue(row: MetricRow, name: (typeof METRIC_COLUMNS)[number]): SqlValue {
  if (name === 'extra') return row.extra && JSON.stringify(row.extra);
  const value = row[name];
  return typeof value === 'number' && Number.isNaN(value) ? null : value;
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

function recordOf(row: ParamsObject): JobRecord {
  const priority = String(row.priority);
  return {
    job_id: String(row.job_id), status: statusOf(row.status), progress: numberOrNull(row.progress) ?? 0,
    created_at: String(row.created_at), updated_at: String(row.updated_at), config: jsonOf(row.config),
    current_step: numberOrNull(row.current_step), total_steps: numberOrNull(row.total_steps), loss: numberOrNull(row.loss),
    eval_loss: numberOrNull(row.eval_loss), learning_rate: numberOrNull(row.learning_rate), error: textOf(row.error), output_dir: textOf(row.output_dir),
    metrics: jsonOf(row.metrics) as Record<string, number> | null, stop_requested: row.stop_requested === 1,
    priority: isPriority(priority) ? priority : 'normal', position: numberOrNull(row.position) ?? 0, device: textOf(row.device) ?? 'cpu',
    attempt: numberOrNull(row.attempt) ?? 0, epoch: numberOrNull(row.epoch), grad_norm: numberOrNull(row.grad_norm),
    tokens_per_second: numberOrNull(row.tokens_per_second), checkpoint: textOf(row.checkpoint), run_dir: textOf(row.run_dir),
    events_offset: numberOrNull(row.events_offset) ?? 0,
  };
}

function metricOf(row: ParamsObject): MetricRow {
  return {
    step: Number(row.step), timestamp: String(row.timestamp), loss: numberOrNull(row.loss), eval_loss: numberOrNull(row.eval_loss),
    learning_rate: numberOrNull(row.learning_rate), gpu_memory_used: numberOrNull(row.gpu_memory_used), epoch: numberOrNull(row.epoch),
    grad_norm: numberOrNull(row.grad_norm), tokens_per_second: numberOrNull(row.tokens_per_second), extra: jsonOf(row.extra) as Record<string, number> | null,
  };
}

/** Statuses of Merlina's Python that we have no word for, as the nearest of ours. */
const PYTHON_STATUSES: Readonly<Record<string, RunStatus>> = {
  started: 'initializing', saving_stopped: 'saving', merging: 'saving', uploading: 'saving', caching_embeddings: 'loading_dataset', samples_ready: 'training',
};

function statusOf(value: SqlValue | undefined): RunStatus {
  const text = String(value);
  return STATUSES.find(status => status === text) ?? PYTHON_STATUSES[text] ?? 'failed';
}

function numberOrNull(value: SqlValue | undefined): number | null {
  return typeof value === 'number' ? value : null;
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

function jsonOf(value: SqlValue | undefined): unknown {
  try {
    return typeof value === 'string' ? JSON.parse(value) : null;
  } catch {
    return null;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
