/** Events of a run: one JSON object a line in events.ndjson, appended by the trainer, read by host, CLI and server. */
import type { Problem } from './problem';

/** A job's phase as people know it. */
export type RunStatus =
  | 'queued' | 'initializing' | 'loading_model' | 'loading_dataset' | 'training' | 'evaluating' | 'saving'
  | 'stopping' | 'completed' | 'failed' | 'stopped' | 'cancelled';

interface EventBase {
  /** ISO 8601, UTC. */
  time: string;
}

/** First line of every run (and of each resume): what ran, on what. */
export interface StartedEvent extends EventBase {
  type: 'started';
  run_id: string;
  versions: Record<string, string>;
  model: { id: string; fingerprint: string };
  /** `revisions`: of datasets on the hub, which commit was read; a resume reads the same. */
  dataset: { fingerprint: string; rows: number; eval_rows: number; revisions?: readonly { id: string; revision: string; commit: string }[] };
  /** All optimizer updates of the run, and where this start begins (0, or the checkpoint's step). */
  total_steps: number;
  resumed_from_step: number;
  backend: 'embedded' | 'trl';
  device: string;
  threads: number;
}
export interface StatusUpdateEvent extends EventBase {
  type: 'status_update';
  status: RunStatus;
  /** Fraction done, 0–1. */
  progress: number;
  message?: string;
}
/** One optimizer update. Loss is the mean over the accumulation window. */
export interface MetricsEvent extends EventBase {
  type: 'metrics';
  step: number;
  epoch: number;
  loss: number;
  learning_rate: number;
  grad_norm: number;
  /** Tokens as the reference counts them (a pair's prompt twice), per second of this step. */
  tokens_per_second: number;
  /** Seconds of compute of this step. */
  step_seconds: number;
  /** Resident memory of the trainer, now and at its highest, bytes. */
  memory_bytes?: number;
  peak_memory_bytes?: number;
  /** The method's own figures under TRL's names: "rewards/margins", "nll_loss", … */
  [metric: string]: number | string | undefined;
}
export interface EvalEvent extends EventBase {
  type: 'eval';
  step: number;
  epoch: number;
  eval_loss: number;
  [metric: string]: number | string | undefined;
}
export interface SampleEvent extends EventBase {
  type: 'sample';
  step: number;
  /** Whose answers: the model's before any training, or those at this step (where it is not said). */
  model?: 'base' | 'current';
  samples: { prompt: string; text: string }[];
}
export interface CheckpointEvent extends EventBase {
  type: 'checkpoint';
  step: number;
  path: string;
  is_best: boolean;
}
export interface ProblemEvent extends EventBase { type: 'problem'; problem: Problem }
export interface LogEvent extends EventBase { type: 'log'; level: 'info' | 'warn'; text: string }
export interface CompletedEvent extends EventBase {
  type: 'completed';
  output_dir: string;
  final_metrics: Record<string, number>;
}
/** Ended by request with a checkpoint to resume from. */
export interface StoppedEvent extends EventBase { type: 'stopped'; step: number; checkpoint?: string }
/** Ended because it could not go on; `problem` says why and what to do. */
export interface ErrorEvent extends EventBase { type: 'error'; problem: Problem }

export type RunEvent =
  | StartedEvent | StatusUpdateEvent | MetricsEvent | EvalEvent | SampleEvent | CheckpointEvent | ProblemEvent | LogEvent
  | CompletedEvent | StoppedEvent | ErrorEvent;
