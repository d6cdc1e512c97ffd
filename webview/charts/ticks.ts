/** Where an axis has its numbers: round values, about as many as wanted. */
import type { Range } from './curve';

/** Multiples of 1, 2 or 5 times a power of ten. */
export function linearTicks({ min, max }: Range, wanted: number): number[] {
  if (!(max > min)) return [min];
  const rough = (max - min) / wanted;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map(factor => factor * power).find(size => size >= rough)!;
  const first = Math.ceil(min / step - 1e-9);
  const count = Math.floor(max / step + 1e-9) - first + 1;
  // A product and one rounding, not a sum: 0.1 + 0.2 would be labelled 0.30000000000000004.
  return Array.from({ length: count }, (_, i) => Number(((first + i) * step).toPrecision(12)));
}

/** Powers of ten; where there are fewer than two, linear ones. `min` is above 0. */
export function logTicks(range: Range, wanted: number): number[] {
  const first = Math.ceil(Math.log10(range.min) - 1e-9);
  const count = Math.floor(Math.log10(range.max) + 1e-9) - first + 1;
  if (count < 2) return linearTicks(range, wanted);
  const every = Math.ceil(count / wanted);
  return Array.from({ length: count }, (_, i) => first + i).filter(power => (power - first) % every === 0).map(power => 10 ** power);
}
