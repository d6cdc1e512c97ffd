/** The result of the bench as a table to read. */
import { largestDifference, median, type RunFigures } from './figures';

export interface Measured { ours: RunFigures[]; trl: RunFigures[] }

interface Line { title: string; of: (figures: RunFigures) => number | null; digits: number }

const LINES: readonly Line[] = [
  { title: 'pairs/s', of: figures => figures.pairs_per_s, digits: 4 },
  { title: 'tokens/s', of: figures => figures.tokens_per_s, digits: 1 },
  { title: 'peak RSS, GB', of: figures => figures.peak_rss_bytes / 1e9, digits: 2 },
  { title: 'training, s', of: figures => figures.seconds, digits: 1 },
  { title: 'processor, s', of: figures => figures.cpu_seconds, digits: 1 },
  { title: 'whole process, s', of: figures => figures.whole_seconds, digits: 1 },
  { title: 'load before', of: figures => figures.load_before, digits: 2 },
];

/** One line a figure: medians, their ratio, and the raw values in the order measured; then how far the losses are apart. */
export function renderReport({ ours, trl }: Measured): string {
  const header = ['', 'ours', 'TRL', 'ours/TRL', 'ours, raw', 'TRL, raw'];
  const rows = LINES.map(({ title, of, digits }) => {
    const [mine, theirs] = [valuesOf(ours, of), valuesOf(trl, of)];
    const ratio = mine.length > 0 && theirs.length > 0 ? (median(mine) / median(theirs)).toFixed(2) : '–';
    return [title, middle(mine, digits), middle(theirs, digits), title === 'load before' ? '' : ratio, raw(mine, digits), raw(theirs, digits)];
  });
  return [...aligned([header, ...rows]), '', ...differences({ ours, trl })].join('\n');
}

/** Of the first run of each: within one program the later runs show how far it repeats itself. */
function differences({ ours, trl }: Measured): string[] {
  const pairs: [string, RunFigures | undefined, RunFigures | undefined][] = [
    ['ours against TRL', ours[0], trl[0]],
    ...ours.slice(1).map((run): [string, RunFigures, RunFigures] => ['ours against ours', run, ours[0]!]),
    ...trl.slice(1).map((run): [string, RunFigures, RunFigures] => ['TRL against TRL', run, trl[0]!]),
  ];
  return pairs.flatMap(([title, one, other]) => {
    if (!one || !other) return [];
    return [['losses', one.losses, other.losses] as const, ['gradient norms', one.grad_norms, other.grad_norms] as const].map(([name, a, b]) => {
      const { absolute, relative, step } = largestDifference(a, b);
      return `largest difference of ${name}, ${title}: ${absolute.toExponential(1)} (relative ${relative.toExponential(1)}) at step ${step} of ${a.length}`;
    });
  });
}

function valuesOf(runs: readonly RunFigures[], of: Line['of']): number[] {
  return runs.map(of).filter(value => value !== null);
}

function middle(values: readonly number[], digits: number): string {
  return values.length === 0 ? '–' : median(values).toFixed(digits);
}

function raw(values: readonly number[], digits: number): string {
  return values.map(value => value.toFixed(digits)).join(' ');
}

function aligned(rows: readonly string[][]): string[] {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map(row => row[column]!.length)));
  return rows.map(row => row.map((cell, column) => cell.padEnd(widths[column]!)).join('  ').trimEnd());
}
