/** What is measured of one training run, whoever ran it. Names and units are those of the JSON result. */
export interface RunFigures {
  /** Wall time of training: loading and tokenising are not in it. */
  seconds: number;
  pairs_per_s: number;
  /** Tokens as the reference counts them: 2 × prompt + chosen + rejected. */
  tokens_per_s: number;
  /** Processor time of training over all cores; a busy machine stretches it less than wall time. */
  cpu_seconds: number | null;
  /** Highest resident memory of the trainer, bytes. */
  peak_rss_bytes: number;
  /** Wall time of the whole process. */
  whole_seconds: number;
  /** From the start of the process to the start of training, and to the end of the first step; null where the trainer does not say. */
  start_seconds: number | null;
  first_step_seconds: number | null;
  /** The machine's load average before the start. */
  load_before: number;
  /** One a step. */
  losses: number[];
  grad_norms: number[];
}

/** The middle value, or the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

export interface Difference { absolute: number; relative: number; step: number }

/** Where two series, one value a step, are furthest apart, by their relative difference; steps count from 1. Throws when they differ in length. */
export function largestDifference(ours: readonly number[], theirs: readonly number[]): Difference {
  if (ours.length !== theirs.length) throw new Error(`${ours.length} steps against ${theirs.length}: the two did not train on the same rows.`);
  return ours.map((value, place): Difference => {
    const absolute = Math.abs(value - theirs[place]!);
    return { absolute, relative: absolute / Math.abs(theirs[place]!), step: place + 1 };
  }).reduce((largest, one) => (one.relative > largest.relative ? one : largest));
}
