/** How far two sets of numbers are apart, measured as the tolerances of the reference are stated. */

/** Largest |a − b| as a share of `scale`. NaN anywhere is infinitely far. */
export function largestDifference(got: ArrayLike<number>, want: ArrayLike<number>, scale: number): number {
  if (got.length !== want.length) return Infinity;
  let worst = 0;
  for (let i = 0; i < want.length; i++) {
    const difference = Math.abs(got[i] - want[i]);
    if (!(difference <= worst)) worst = Number.isNaN(difference) ? Infinity : difference;
  }
  return worst === 0 ? 0 : worst / scale;
}

export function largestMagnitude(values: ArrayLike<number>): number {
  let largest = 0;
  for (let i = 0; i < values.length; i++) largest = Math.max(largest, Math.abs(values[i]));
  return largest;
}

export function standardDeviation(values: ArrayLike<number>): number {
  const list = Array.from(values);
  const mean = list.reduce((sum, value) => sum + value, 0) / list.length;
  return Math.sqrt(list.reduce((sum, value) => sum + (value - mean) ** 2, 0) / list.length);
}

/** Root-mean-square of got − want, as a share of the root-mean-square of want − before: how well a change was followed. */
export function shareOfChange(got: Float32Array, want: Float32Array, before: Float32Array): number {
  let off = 0;
  let moved = 0;
  for (let i = 0; i < want.length; i++) {
    off += (got[i] - want[i]) ** 2;
    moved += (want[i] - before[i]) ** 2;
  }
  return off === 0 ? 0 : Math.sqrt(off / moved);
}

/** The worst of several measures, each against its own tolerance. */
export class Worst {
  private share = -1;
  private text = 'nothing compared';

  /** `error` may be at most `tolerance`. */
  note(what: string, error: number, tolerance: number): void {
    const share = error / tolerance;
    if (!(share > this.share)) return;
    this.share = share;
    this.text = `${what} ${error.toExponential(1)} of ${tolerance.toExponential(0)}`;
  }

  get ok(): boolean { return this.share >= 0 && this.share <= 1; }
  get detail(): string { return this.text; }
}
