/** What can be said of a recipe before it runs: made by src/preflight, printed by the CLI, shown by the wizard. */
import type { Problem } from './problem';

export interface RecipeAssessment {
  /** Undefined where not even the size of the model is known. */
  memory?: MemoryOutlook;
  /** Undefined where the rows could not be read. */
  data?: DataOutlook;
  step?: StepOutlook;
  /** Undefined while it is measured, and where it cannot be told. */
  time?: TimeOutlook;
  /** Why there is no time. */
  timeNote?: string;
  checks: CheckOutcome[];
  /** Of all checks. */
  problems: Problem[];
}

export interface MemoryOutlook {
  totalBytes: number;
  /** Of this machine; undefined for a graphics card, whose memory is not known. */
  freeBytes?: number;
  machineBytes?: number;
  components: { name: string; bytes: number }[];
  confidence: 'high' | 'medium' | 'low';
  notes: string[];
  /** Changes of one key that need less, the largest saving first. */
  savings: { key: string; value: unknown; savedBytes: number; price: string }[];
}

export interface DataOutlook {
  /** Undefined where only the first rows were read. */
  trainRows?: number;
  evalRows?: number;
  p95Tokens?: number;
  longestTokens: number;
  /** Share of the rows that lost a part, or were left out, for their length. */
  cutFraction: number;
}

/** One optimizer step. */
export interface StepOutlook {
  /** "pairs", "answers" or "texts". */
  rows: 'pairs' | 'answers' | 'texts';
  rowCount: number;
  microBatchRows: number;
  /** Micro-batches summed before the update. */
  accumulation: number;
  /** On average, after cutting. */
  meanTokens?: number;
  stepsPerEpoch?: number;
  totalSteps?: number;
}

export interface TimeOutlook {
  /** Of the whole run: training, evaluation, samples. */
  seconds: number;
  secondsPerStep: number;
}

export interface CheckOutcome {
  id: string;
  title: string;
  status: 'pass' | 'warn' | 'fail' | 'unknown';
  /** One line with what was looked at. */
  details: string;
}
