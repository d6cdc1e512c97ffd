/** A count of some rows as a figure of all. */
import type { Distribution, Figure } from '../../shared/datasetPreview';

export type Estimate = (count: number) => Figure;

/** `rows` of `total` were looked at, chosen at random. */
export function estimateOf(rows: number, total: Figure): Estimate {
  const isExact = total.isExact && rows >= total.value;
  const scale = isExact || rows === 0 ? 1 : Math.max(1, total.value / rows);
  return count => ({ value: Math.round(count * scale), isExact });
}

/** The same distribution in another unit. */
export function scaled(distribution: Distribution | null, factor: number): Distribution | null {
  if (!distribution) return null;
  const { isExact, count, min, mean, p50, p95, max, histogram: { edges, counts } } = distribution;
  return { isExact, count, min: min * factor, mean: mean * factor, p50: p50 * factor, p95: p95 * factor, max: max * factor, histogram: { edges: edges.map(edge => edge * factor), counts } };
}

/** Nothing was counted. */
export const NO_DISTRIBUTION: Distribution = { isExact: true, count: 0, min: 0, mean: 0, p50: 0, p95: 0, max: 0, histogram: { edges: [], counts: [] } };
