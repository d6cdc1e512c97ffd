/** What views show of jobs and runs: a snapshot, then increments. Plain JSON, so that it crosses into a webview as it is. */
import type { RunStatus } from './events';
import type { Problem } from './problem';

/** A job as lists show it. */
export interface JobSummary {
  job_id: string;
  status: RunStatus;
  /** What the trainer is at, in words ("Decoding tensor 12 of 290."); null where the status says it all. */
  message: string | null;
  /** Of the recipe: output_name (the job's id where it has none), base_model, training_mode. */
  name: string;
  base_model: string | null;
  training_mode: string | null;
  /** 0–1. */
  progress: number;
  current_step: number | null;
  total_steps: number | null;
  epoch: number | null;
  loss: number | null;
  eval_loss: number | null;
  learning_rate: number | null;
  grad_norm: number | null;
  tokens_per_second: number | null;
  /** Recent mean; measured by the trainer's own monotonic clock. */
  seconds_per_step: number | null;
  /** Of all steps that are left; null where no step was measured, or nothing runs. */
  seconds_left: number | null;
  /** ISO 8601, UTC. */
  created_at: string;
  updated_at: string;
  /** When the present attempt began to train; null before. */
  started_at: string | null;
  priority: 'low' | 'normal' | 'high';
  /** In the queue, 1 is next; null where the job does not wait. */
  queue_place: number | null;
  device: string;
  /** How often a trainer was started. */
  attempt: number;
  stop_requested: boolean;
  /** The job whose recipe this one was made from. */
  retry_of: string | null;
  /** Why it failed, with what to do. */
  error: string | null;
  /** Where the result lies, and its final figures; null until it completes. */
  output_dir: string | null;
  metrics: Record<string, number> | null;
  /** Null for history that Merlina's Python wrote. */
  run_dir: string | null;
}

/** One metric over the steps, ascending; both lists have the same length. Null: the value is not finite, and a curve breaks there. */
export interface Series {
  steps: number[];
  values: (number | null)[];
}

/** By the metric's name. Of each update: "loss", "learning_rate", "grad_norm", "epoch", "tokens_per_second", "step_seconds", "memory_bytes",
 *  "peak_memory_bytes", and the method's own under TRL's names ("rewards/chosen", "rewards/rejected", "rewards/margins",
 *  "rewards/accuracies", …). Of each evaluation: "eval_loss" and the method's own ("eval_rewards/margins", …). */
export type SeriesByName = Record<string, Series>;

/** Which part of the series, and how finely. */
export interface SeriesRange {
  /** Both ends belong to it. */
  fromStep?: number;
  toStep?: number;
  /** Of one series. More are bucketed: of each bucket the first, the lowest, the highest and the last point. */
  maxPoints?: number;
  /** All where not given. */
  names?: readonly string[];
}

/** Answers to the same prompts at one step. */
export interface SampleRound {
  step: number;
  /** `base`: the model before any training, for comparison; once, at the start. */
  model: 'base' | 'current';
  samples: { prompt: string; text: string }[];
}

export interface NotedProblem {
  time: string;
  problem: Problem;
}

export interface LogLine {
  time: string;
  level: 'info' | 'warn' | 'error';
  text: string;
}

export interface CheckpointSummary {
  step: number;
  /** Its folder. */
  path: string;
  /** Of the update that led to it, and of the evaluation at its step, where there was one. */
  loss: number | null;
  eval_loss: number | null;
  /** Lowest eval_loss of those that are kept. */
  is_best: boolean;
  /** On disk. */
  bytes: number;
}

/** What ran, on what. */
export interface RunFacts {
  started_at: string;
  backend: string;
  device: string;
  threads: number;
  model: { id: string; fingerprint: string };
  dataset: { fingerprint: string; rows: number; eval_rows: number };
  versions: Record<string, string>;
}

/** All that a view of one run shows. */
export interface RunSnapshot {
  job: JobSummary;
  /** As submitted. */
  recipe: unknown;
  /** Null until the trainer has begun. */
  facts: RunFacts | null;
  series: SeriesByName;
  /** Ascending by step. */
  samples: SampleRound[];
  problems: NotedProblem[];
  /** The newest lines. */
  log: LogLine[];
  /** Ascending by step. */
  checkpoints: CheckpointSummary[];
}

/** What is new since the snapshot or increment before. A field that is absent has not changed. */
export interface RunIncrement {
  job?: JobSummary;
  facts?: RunFacts;
  /** The run goes on from this step: later points and samples no longer count. To be done before anything is added. */
  cut_after_step?: number;
  /** Points to append. */
  series?: SeriesByName;
  /** Rounds, problems and lines to append. */
  samples?: SampleRound[];
  problems?: NotedProblem[];
  log?: LogLine[];
  /** All of them, anew. */
  checkpoints?: CheckpointSummary[];
}

/** A view keeps so many points of a series; one that grows beyond is bucketed to half. */
export const SERIES_POINTS_LIMIT = 8192;
/** A view keeps so many lines of the log, and so many rounds of samples. */
export const LOG_LINES_LIMIT = 500;
export const SAMPLE_ROUNDS_LIMIT = 200;
