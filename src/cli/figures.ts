/** Numbers as people read them in a terminal. */
import type { Distribution, Figure } from '../shared/datasetPreview';

/** 12345.6 → "12,346". */
export function counted(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}

/** "≈ 1,234" where it is an estimate. */
export function figure({ value, isExact }: Figure): string {
  return `${isExact ? '' : '≈ '}${counted(value)}`;
}

export function percent(fraction: number): string {
  return `${(100 * fraction).toFixed(fraction > 0 && fraction < 0.1 ? 1 : 0)} %`;
}

export function bytes(size: number): string {
  const power = Math.min(4, Math.floor(Math.log(Math.max(1, size)) / Math.log(1000)));
  return `${(size / 1000 ** power).toFixed(power === 0 ? 0 : 1)} ${['bytes', 'kB', 'MB', 'GB', 'TB'][power]}`;
}

/** "p50 641, p95 1,915, max 4,576". */
export function quantiles({ isExact, p50, p95, max }: Distribution, show: (value: number) => string = counted): string {
  return `${isExact ? '' : '≈ '}p50 ${show(p50)}, p95 ${show(p95)}, max ${show(max)}`;
}

/** A bar a histogram's bar, as high as its share of the highest: "▁▄█▂". */
export function bars({ histogram: { counts } }: Distribution): string {
  const highest = Math.max(1, ...counts);
  return counts.map(count => (count === 0 ? ' ' : '▁▂▃▄▅▆▇█'[Math.min(7, Math.floor((count / highest) * 8))])).join('');
}
