/** The smoothed curve: an exponential moving average without its bias towards zero, for points at uneven distances too. */
import type { Series } from '../../src/shared/follow';

/** Weight 0 leaves the values as they are; the nearer to 1, the longer the memory. With decay dᵢ = weight^(gapᵢ / g), gapᵢ the steps since the
 *  point before and g the usual gap of the series:
 *
 *      nᵢ = dᵢ·nᵢ₋₁ + (1 − dᵢ)·xᵢ      wᵢ = dᵢ·wᵢ₋₁ + (1 − dᵢ)      smoothedᵢ = nᵢ / wᵢ      n₀ = w₀ = 0, d₁ = weight
 *
 *  At even distances w is 1 − weightⁱ, and this is TensorBoard's smoothing (tf_smoothing, vz_line_chart2) with debiasing. A series that was
 *  thinned out forgets as fast per step as the whole one. A missing value is passed over: NaN comes out, and nothing is forgotten. */
export function smooth({ steps, values }: Series, weight: number): Float64Array {
  const usual = usualGap(steps);
  const smoothed = new Float64Array(values.length).fill(NaN);
  let [sum, weights, lastStep] = [0, 0, NaN];
  for (let i = 0; i < values.length; i++) {
    const value = values[i] ?? NaN;
    if (!Number.isFinite(value)) continue;
    const gap = Number.isNaN(lastStep) ? usual : steps[i]! - lastStep;
    const decay = gap === usual ? weight : weight ** (gap / usual);
    sum = decay * sum + (1 - decay) * value;
    weights = decay * weights + (1 - decay);
    smoothed[i] = weights === 0 ? value : sum / weights;
    lastStep = steps[i]!;
  }
  return smoothed;
}

/** Steps between neighbours as they are most often, the fewer of two: how often the metric is written. A last step out of the beat does not
 *  count, and a thinned series has it still, between each bucket's last point and the next one's first. 1 of fewer than two points. */
export function usualGap(steps: readonly number[]): number {
  const counts = new Map<number, number>();
  for (let i = 1; i < steps.length; i++) {
    const gap = steps[i]! - steps[i - 1]!;
    if (gap > 0) counts.set(gap, (counts.get(gap) ?? 0) + 1);
  }
  let [usual, most] = [1, 0];
  for (const [gap, count] of counts) if (count > most || (count === most && gap < usual)) [usual, most] = [gap, count];
  return usual;
}
