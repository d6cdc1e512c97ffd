/** Between the columns of jobs.db and the records of the program. */
import type { ParamsObject, SqlValue } from 'sql.js';
import type { RunStatus } from '../../shared/events';
import type { JobRecord, MetricRow } from '../jobRecord';
import { isPriority } from '../queue';
import { STATUSES } from '../status';

export const METRIC_COLUMNS = ['timestamp', 'step', 'loss', 'eval_loss', 'learning_rate', 'gpu_memory_used', 'epoch', 'grad_norm', 'tokens_per_second', 'extra'] as const;

export function metricValue(row: MetricRow, name: (typeof METRIC_COLUMNS)[number]): SqlValue {
  if (name === 'extra') return row.extra && JSON.stringify(row.extra);
  const value = row[name];
  return typeof value === 'number' && Number.isNaN(value) ? null : value;
}

export function recordOf(row: ParamsObject): JobRecord {
  const priority = String(row.priority);
  return {
    job_id: String(row.job_id), status: statusOf(row.status), progress: numberOrNull(row.progress) ?? 0,
    created_at: String(row.created_at), updated_at: String(row.updated_at), config: jsonOf(row.config),
    current_step: numberOrNull(row.current_step), total_steps: numberOrNull(row.total_steps), loss: numberOrNull(row.loss),
    eval_loss: numberOrNull(row.eval_loss), learning_rate: numberOrNull(row.learning_rate), error: textOf(row.error), output_dir: textOf(row.output_dir),
    metrics: jsonOf(row.metrics) as Record<string, number> | null, stop_requested: row.stop_requested === 1,
    priority: isPriority(priority) ? priority : 'normal', position: numberOrNull(row.position) ?? 0, device: textOf(row.device) ?? 'cpu',
    attempt: numberOrNull(row.attempt) ?? 0, epoch: numberOrNull(row.epoch), grad_norm: numberOrNull(row.grad_norm),
    tokens_per_second: numberOrNull(row.tokens_per_second), seconds_per_step: numberOrNull(row.seconds_per_step), message: textOf(row.message),
    started_at: textOf(row.started_at), retry_of: textOf(row.retry_of), checkpoint: textOf(row.checkpoint), run_dir: textOf(row.run_dir),
    events_offset: numberOrNull(row.events_offset) ?? 0,
  };
}

export function metricOf(row: ParamsObject): MetricRow {
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

export function statusOf(value: SqlValue | undefined): RunStatus {
  const text = String(value);
  return STATUSES.find(status => status === text) ?? PYTHON_STATUSES[text] ?? 'failed';
}

export function numberOrNull(value: SqlValue | undefined): number | null {
  return typeof value === 'number' ? value : null;
}

export function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

function jsonOf(value: SqlValue | undefined): unknown {
  try {
    return typeof value === 'string' ? JSON.parse(value) : null;
  } catch {
    return null;
  }
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
