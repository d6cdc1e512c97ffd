/** A job as lists and views show it. Columns are Merlina's, in snake_case, with what charts and the queue need besides. */
import { randomBytes } from 'node:crypto';
import type { RunStatus } from '../shared/events';
import type { Priority } from './queue';

export interface JobRecord {
  job_id: string;
  status: RunStatus;
  /** 0–1. */
  progress: number;
  /** ISO 8601, UTC. */
  created_at: string;
  updated_at: string;
  /** The recipe as submitted. */
  config: unknown;
  current_step: number | null;
  total_steps: number | null;
  loss: number | null;
  eval_loss: number | null;
  learning_rate: number | null;
  /** Why it failed, with what to do. */
  error: string | null;
  output_dir: string | null;
  /** Final figures of a completed run. */
  metrics: Record<string, number> | null;
  stop_requested: boolean;
  priority: Priority;
  /** Order inside a priority. */
  position: number;
  device: string;
  /** How often a trainer was started. */
  attempt: number;
  epoch: number | null;
  grad_norm: number | null;
  tokens_per_second: number | null;
  /** Recent mean, by the trainer's monotonic clock. */
  seconds_per_step: number | null;
  /** What the trainer is at, in words. */
  message: string | null;
  /** When the newest start began to train. */
  started_at: string | null;
  /** The job whose recipe this one was made from. */
  retry_of: string | null;
  /** The newest checkpoint an event told of. */
  checkpoint: string | null;
  /** Where the run lies; null for history that Merlina's Python wrote. */
  run_dir: string | null;
  /** How much of events.ndjson is in this record, bytes. */
  events_offset: number;
}

/** One logged step. */
export interface MetricRow {
  step: number;
  timestamp: string;
  loss: number | null;
  eval_loss: number | null;
  learning_rate: number | null;
  /** Bytes; of the device, where it has its own memory. */
  gpu_memory_used: number | null;
  epoch: number | null;
  grad_norm: number | null;
  tokens_per_second: number | null;
  /** The method's own figures: "rewards/margins", … */
  extra: Record<string, number> | null;
}

/** `job_YYYYMMDD_HHMMSS_<6 hex>`, Merlina's form; UTC. */
export function newJobId(now: Date = new Date(), suffix: string = randomBytes(3).toString('hex')): string {
  const [date, time] = now.toISOString().slice(0, 19).replaceAll(/[-:]/g, '').split('T');
  return `job_${date}_${time}_${suffix}`;
}

/** A record before anything happened. */
export function newRecord(job_id: string, created_at: string, config: unknown, run_dir: string | null): JobRecord {
  return {
    job_id, status: 'queued', progress: 0, created_at, updated_at: created_at, config,
    current_step: null, total_steps: null, loss: null, eval_loss: null, learning_rate: null, error: null, output_dir: null, metrics: null,
    stop_requested: false, priority: 'normal', position: 0, device: 'cpu', attempt: 0,
    epoch: null, grad_norm: null, tokens_per_second: null, seconds_per_step: null, message: null, started_at: null, retry_of: null, checkpoint: null, run_dir, events_offset: 0,
  };
}
