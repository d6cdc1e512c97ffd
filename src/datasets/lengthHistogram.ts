/** Counts of lengths, in so little memory whatever their number: exact below 256, above within 1/256 of the value. */
import type { Distribution } from '../shared/datasetPreview';

/** Buckets of each doubling above EXACT. */
const STEPS = 128;
const EXACT = 2 * STEPS;
/** Bars of each doubling in what is shown. */
const BARS = 4;

export class LengthHistogram {
  /** By bucket; grows to a few thousand. */
  private readonly counts: number[] = [];
  private count = 0;
  private sum = 0;
  private min = Infinity;
  private max = 0;

  /** A whole number from 0 on. */
  add(length: number): void {
    const bucket = bucketOf(length);
    while (this.counts.length <= bucket) this.counts.push(0);
    this.counts[bucket]!++;
    this.count++;
    this.sum += length;
    if (length < this.min) this.min = length;
    if (length > this.max) this.max = length;
  }

  /** Null without values. */
  distribution(isExact = true): Distribution | null {
    const { count, min, max, sum } = this;
    if (count === 0) return null;
    return { isExact, count, min, mean: sum / count, p50: this.quantile(0.5), p95: this.quantile(0.95), max, histogram: this.bars() };
  }

  /** The least value that a share of the values does not exceed. */
  private quantile(share: number): number {
    const rank = Math.max(1, Math.ceil(share * this.count));
    let below = 0;
    const bucket = this.counts.findIndex(count => (below += count) >= rank);
    const middle = Math.floor((lowerEdge(bucket) + lowerEdge(bucket + 1) - 1) / 2);
    return Math.min(Math.max(middle, this.min), this.max);
  }

  private bars(): Distribution['histogram'] {
    const edges = barEdges(this.min, this.max);
    const counts = edges.slice(1).map((edge, i) => {
      const [from, to] = [bucketOf(edges[i]!), bucketOf(edge)];
      return this.counts.slice(from, to).reduce((sum, count) => sum + count, 0);
    });
    return { edges, counts };
  }
}

/** 0 … EXACT - 1 are themselves; each doubling above has STEPS buckets. */
function bucketOf(length: number): number {
  if (length < EXACT) return length;
  const doublings = Math.floor(Math.log2(length)) - Math.log2(STEPS);
  return doublings * STEPS + Math.floor(length / 2 ** doublings);
}

function lowerEdge(bucket: number): number {
  if (bucket < EXACT) return bucket;
  const doublings = Math.floor(bucket / STEPS) - 1;
  return (bucket - doublings * STEPS) * 2 ** doublings;
}

/** 0, 1, 2, 4, 5, 6, 7, 8, 10, 12, 14, 16, 20, …: edges of buckets, from the last one at or below `min` to the first above `max`. */
function barEdges(min: number, max: number): number[] {
  const edges = [0, 1, 2];
  for (let power = BARS; edges[edges.length - 1]! <= max; power *= 2) {
    for (let bar = 0; bar < BARS; bar++) edges.push(power + (bar * power) / BARS);
  }
  const first = edges.findLastIndex(edge => edge <= min);
  const last = edges.findIndex(edge => edge > max);
  return edges.slice(first, last + 1);
}
