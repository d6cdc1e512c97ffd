/** Long work over rows that lets others in: it says how far it is, and can be stopped. */
import { setImmediate } from 'node:timers/promises';

/** `total` is undefined where nobody knows it before the end. Bytes for "fingerprint" and "cache", rows else. */
export interface PrepareProgress {
  stage: 'fingerprint' | 'rows' | 'eval_rows' | 'cache';
  done: number;
  total: number | undefined;
}

export interface PrepareHooks {
  /** A few times a second. */
  onProgress?: (progress: PrepareProgress) => void;
  /** Aborted, the work ends with the signal's reason. */
  signal?: AbortSignal;
}

/** Milliseconds of work between two looks around. */
const STRIDE = 40;

export class Pace {
  private looked = Date.now();

  /** Throws where it is stopped already. */
  constructor(private readonly hooks: PrepareHooks) {
    hooks.signal?.throwIfAborted();
  }

  /** Call it often: most calls cost a look at the clock. */
  async step(stage: PrepareProgress['stage'], done: number, total?: number): Promise<void> {
    if (Date.now() - this.looked < STRIDE) return;
    this.hooks.onProgress?.({ stage, done, total });
    await setImmediate();
    this.hooks.signal?.throwIfAborted();
    this.looked = Date.now();
  }
}
