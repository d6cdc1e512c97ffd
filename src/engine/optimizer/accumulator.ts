/** Gradients of an accumulation window: their sum, their global norm, clipping. */
import type { Parameter } from '../trainingEngine';

/** torch's clip_grad_norm_ adds this to the norm it divides by. */
const CLIP_EPSILON = 1e-6;

/** Sums gradients of micro-batches. The scale is already in them, so nothing is divided here. */
export class GradientAccumulator {
  private sums: Float32Array[] = [];
  private isEmpty = true;

  add(gradients: readonly Float32Array[]): void {
    if (this.sums.length === 0) this.sums = gradients.map(gradient => new Float32Array(gradient.length));
    gradients.forEach((gradient, index) => {
      const sum = this.sums[index]!;
      if (this.isEmpty) sum.set(gradient);
      else for (let i = 0; i < sum.length; i++) sum[i] = sum[i]! + gradient[i]!;
    });
    this.isEmpty = false;
  }

  /** The sums; own them until the next `add`. */
  get gradients(): readonly Float32Array[] {
    return this.sums;
  }

  /** Begins a new window. */
  clear(): void {
    this.isEmpty = true;
  }
}

/** √Σ g² over all gradients; not finite where any of them is not. */
export function globalNorm(gradients: readonly Float32Array[]): number {
  // Four sums, since each addition to one waits for the addition before.
  let a = 0, b = 0, c = 0, d = 0;
  for (const gradient of gradients) {
    const whole = gradient.length & ~3;
    for (let i = 0; i < whole; i += 4) {
      a += gradient[i]! * gradient[i]!;
      b += gradient[i + 1]! * gradient[i + 1]!;
      c += gradient[i + 2]! * gradient[i + 2]!;
      d += gradient[i + 3]! * gradient[i + 3]!;
    }
    for (let i = whole; i < gradient.length; i++) a += gradient[i]! * gradient[i]!;
  }
  return Math.sqrt(a + b + c + d);
}

/** Scales all gradients so that their common `norm` is at most `maxNorm`.
 *  Source: torch 2.13 clip_grad_norm_: factor maxNorm / (norm + 1e-6), never above 1. */
export function clipByGlobalNorm(gradients: readonly Float32Array[], norm: number, maxNorm: number): void {
  const factor = Math.min(1, maxNorm / (norm + CLIP_EPSILON));
  if (factor === 1) return;
  for (const gradient of gradients) for (let i = 0; i < gradient.length; i++) gradient[i] = gradient[i]! * factor;
}

/** Name of the first parameter whose array of `values` holds NaN or an infinity, if any. */
export function firstNonFinite(parameters: readonly Parameter[], values: readonly Float32Array[]): string | undefined {
  return parameters[values.findIndex(hasNonFinite)]?.name;
}

/** v·0 is 0 for finite v and NaN otherwise, so one sum tells for all. */
export function hasNonFinite(values: Float32Array): boolean {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]! * 0;
  return sum !== 0;
}
