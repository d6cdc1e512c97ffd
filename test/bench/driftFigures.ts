/** Whether a long run grows slower or larger: its first steps after warm-up against its last. */
import { median } from './figures';

/** One step of a run. */
export interface StepSample { seconds: number; residentBytes: number }

export interface Change {
  /** Medians. */
  first: number;
  last: number;
  /** last / first */
  ratio: number;
}

export interface Drift {
  /** Steps of each of the two groups. */
  window: number;
  seconds: Change;
  residentBytes: Change;
}

/** Groups of `window` steps, or of half the steps after warm-up where those are fewer, so that no step is in both. Throws where fewer than two are left. */
export function driftOf(samples: readonly StepSample[], { warmUp, window }: { warmUp: number; window: number }): Drift {
  const steady = samples.slice(warmUp);
  const size = Math.min(window, Math.floor(steady.length / 2));
  if (size === 0) throw new Error(`${samples.length} steps leave fewer than two after a warm-up of ${warmUp}.`);
  const change = (of: (sample: StepSample) => number): Change => {
    const [first, last] = [median(steady.slice(0, size).map(of)), median(steady.slice(-size).map(of))];
    return { first, last, ratio: last / first };
  };
  return { window: size, seconds: change(({ seconds }) => seconds), residentBytes: change(({ residentBytes }) => residentBytes) };
}
