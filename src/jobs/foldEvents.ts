/** What a run's events make of its job: a pure function, so that reading them again gives the same record. */
import type { EvalEvent, MetricsEvent, RunEvent, RunStatus } from '../shared/events';
import { renderProblem } from '../shared/problem';
import { recentMean } from '../shared/recentMean';
import type { JobRecord, MetricRow } from './jobRecord';
import { advance, isActive, isEnded, statusOf } from './status';

export interface Folded {
  readonly record: JobRecord;
  /** Logged steps in order; one step may come twice, as update and as evaluation. */
  readonly rows: readonly MetricRow[];
  /** The run went on from this step: rows known before that lie beyond it no longer count. */
  readonly cutAfter: number | undefined;
}

export function foldEvents(start: JobRecord, events: readonly RunEvent[]): Folded {
  const record = { ...start };
  let rows: MetricRow[] = [];
  let cutAfter: number | undefined;
  for (const event of events) {
    record.status = statusAfter(record.status, event);
    record.updated_at = event.time;
    if (event.type === 'started') {
      const { resumed_from_step: from } = event;
      rows = rows.filter(({ step }) => step <= from);
      cutAfter = Math.min(cutAfter ?? Infinity, from);
    }
    const row = take(record, event);
    if (row) rows.push(row);
  }
  return { record, rows, cutAfter };
}

/** A trainer that speaks after the run had ended, or before the queue knew of it, was started anew. */
function statusAfter(current: RunStatus, event: RunEvent): RunStatus {
  const next = event.type === 'started' && !isActive(current) ? 'initializing' : statusOf(event);
  if (next === undefined) return current;
  const isNewStart = isActive(next) && next !== 'stopping' && (isEnded(current) || current === 'queued');
  if (isNewStart) return next;
  return current === 'queued' ? advance('initializing', next) : advance(current, next);
}

/** Copies an event's figures into the record; gives the row to chart, if it is one. */
function take(record: JobRecord, event: RunEvent): MetricRow | undefined {
  switch (event.type) {
    case 'started':
      record.total_steps = event.total_steps;
      record.current_step = event.resumed_from_step;
      record.device = event.device;
      record.started_at = event.time;
      Object.assign(record, { error: null, message: null, seconds_per_step: null });
      return undefined;
    case 'status_update':
      record.progress = Math.min(1, Math.max(0, event.progress));
      record.message = event.message ?? null;
      return undefined;
    case 'metrics':
      Object.assign(record, {
        current_step: event.step, loss: event.loss, learning_rate: event.learning_rate, epoch: event.epoch,
        grad_norm: event.grad_norm, tokens_per_second: event.tokens_per_second, seconds_per_step: event.step_seconds >= 0 ? recentMean(record.seconds_per_step, event.step_seconds) : record.seconds_per_step,
        message: null,
      });
      if (record.total_steps !== null && record.total_steps > 0) record.progress = Math.min(1, event.step / record.total_steps);
      return metricRow(event);
    case 'eval':
      record.eval_loss = event.eval_loss;
      return evalRow(event);
    case 'checkpoint':
      record.checkpoint = event.path;
      return undefined;
    case 'completed':
      Object.assign(record, { output_dir: event.output_dir, metrics: event.final_metrics, progress: 1, error: null, message: null });
      return undefined;
    case 'error':
      Object.assign(record, { error: renderProblem(event.problem), message: null });
      return undefined;
    case 'stopped':
      record.message = null;
      return undefined;
    case 'sample':
    case 'problem':
    case 'log':
      return undefined;
  }
}

const COLUMNS = new Set(['step', 'loss', 'eval_loss', 'learning_rate', 'epoch', 'grad_norm', 'tokens_per_second']);

function metricRow(event: MetricsEvent): MetricRow {
  return {
    step: event.step, timestamp: event.time, loss: event.loss, eval_loss: null, learning_rate: event.learning_rate, gpu_memory_used: null,
    epoch: event.epoch, grad_norm: event.grad_norm, tokens_per_second: event.tokens_per_second, extra: extraOf(event),
  };
}

function evalRow(event: EvalEvent): MetricRow {
  return {
    step: event.step, timestamp: event.time, loss: null, eval_loss: event.eval_loss, learning_rate: null, gpu_memory_used: null,
    epoch: event.epoch, grad_norm: null, tokens_per_second: null, extra: extraOf(event),
  };
}

function extraOf(event: MetricsEvent | EvalEvent): Record<string, number> | null {
  const extra: Record<string, number> = {};
  for (const name of Object.keys(event)) {
    const value = event[name];
    if (typeof value === 'number' && !COLUMNS.has(name)) extra[name] = value;
  }
  return Object.keys(extra).length === 0 ? null : extra;
}
