/** The factor on the loss that keeps float16's gradients out of the range where they vanish: as large as they do not overflow at. */

import { hasNonFinite } from './accumulator';

export interface LossScaleState {
  readonly factor: number;
  /** Updates since the factor last changed. */
  readonly good_steps: number;
}

/** torch.amp.GradScaler's, but for the interval: a run here has hundreds of updates where theirs have many thousands. */
const START = 2 ** 16;
const GROWTH_INTERVAL = 200;
/** A gradient that is still not finite at this factor is none because of float16. */
const SMALLEST = 1;
const LARGEST = 2 ** 24;

/** Factors are powers of two, so that dividing by them is exact. */
export class LossScale {
  private current: LossScaleState;

  constructor(state: LossScaleState = { factor: START, good_steps: 0 }) { this.current = state; }

  get state(): LossScaleState { return this.current; }
  get factor(): number { return this.current.factor; }

  /** Whether gradients are infinite although the loss is not, and a smaller factor may help. */
  isOverflow({ loss, gradients }: { loss: number; gradients: readonly Float32Array[] }): boolean {
    return Number.isFinite(loss) && this.factor > SMALLEST && gradients.some(hasNonFinite);
  }

  /** Turns gradients of the scaled loss into those of the loss, in place, and learns from them: one that overflowed is not to be used. */
  update(hasOverflowed: boolean, gradients: readonly Float32Array[]): void {
    const { factor, good_steps: steps } = this.current;
    for (const gradient of gradients) for (let i = 0; i < gradient.length; i++) gradient[i] /= factor;
    if (hasOverflowed) this.current = { factor: Math.max(factor / 2, SMALLEST), good_steps: 0 };
    else if (steps + 1 < GROWTH_INTERVAL) this.current = { factor, good_steps: steps + 1 };
    else this.current = { factor: Math.min(factor * 2, LARGEST), good_steps: 0 };
  }
}
