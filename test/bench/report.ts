/** The result of the bench as a table to read. */
import { largestDifference, median, type RunFigures } from './figures';

export interface Measured {
  name: string;
  isOurs: boolean;
  runs: RunFigures[];
}

export interface Context {
  /** Counted floating-point work of all rows. */
  work: number;
  /** Speed of a large product, one a round. */
  ceilings: readonly number[];
}

const HEADER = ['', 'pairs/s', 'tokens/s', 'of ceiling', 'peak GB', 'start s', 'first step s', '/ TRL float32', '/ fastest TRL', 'pairs/s, raw', 'peak GB, raw', 'processor s, raw', 'load before'];

/** A row a setting: medians, ratios to TRL's, raw values in the order measured; then how far losses are from TRL's in float32. */
export function renderReport(measured: readonly Measured[], { work, ceilings }: Context): string {
  const known = measured.filter(({ runs }) => runs.length > 0);
  const speed = ({ runs }: Measured): number => median(runs.map(({ pairs_per_s }) => pairs_per_s));
  const trl = known.filter(({ isOurs }) => !isOurs);
  const [plain, fastest] = [trl.find(({ name }) => name === 'trl-float32'), trl.reduce<Measured | undefined>((most, one) => most && speed(most) >= speed(one) ? most : one, undefined)];
  const rows = known.map(one => {
    const { name, isOurs, runs } = one;
    const middle = (of: (run: RunFigures) => number | null, digits: number): string => shown(valuesOf(runs, of), digits);
    const ratio = (to: Measured | undefined): string => to && isOurs ? (speed(one) / speed(to)).toFixed(2) : '';
    return [
      name, middle(run => run.pairs_per_s, 4), middle(run => run.tokens_per_s, 1), isOurs ? shown(runs.map((run, i) => (100 * work) / run.seconds / ceilings[Math.min(i, ceilings.length - 1)]!), 0) + ' %' : '',
      middle(run => run.peak_rss_bytes / 1e9, 2), middle(run => run.start_seconds, 1), middle(run => run.first_step_seconds, 1), ratio(plain), ratio(fastest),
      raw(runs, run => run.pairs_per_s, 4), raw(runs, run => run.peak_rss_bytes / 1e9, 2), raw(runs, run => run.cpu_seconds, 0), raw(runs, run => run.load_before, 1),
    ];
  });
  return [...aligned([HEADER, ...rows]), '', `ceiling, GFLOP/s a round: ${ceilings.map(flops => (flops / 1e9).toFixed(1)).join(' ')}; counted work ${(work / 1e9).toFixed(0)} GFLOP`, ...differences(known, plain)].join('\n');
}

function differences(measured: readonly Measured[], plain: Measured | undefined): string[] {
  if (!plain) return [];
  return measured.filter(one => one !== plain).map(({ name, runs }) => {
    const [losses, norms] = [largestDifference(runs[0]!.losses, plain.runs[0]!.losses), largestDifference(runs[0]!.grad_norms, plain.runs[0]!.grad_norms)];
    return `${name} from trl-float32: losses ${losses.relative.toExponential(1)} (step ${losses.step}), gradient norms ${norms.relative.toExponential(1)} (step ${norms.step}), largest relative difference`;
  });
}

function valuesOf(runs: readonly RunFigures[], of: (run: RunFigures) => number | null): number[] {
  return runs.map(of).filter(value => value !== null);
}

function shown(values: readonly number[], digits: number): string {
  return values.length === 0 ? '–' : median(values).toFixed(digits);
}

function raw(runs: readonly RunFigures[], of: (run: RunFigures) => number | null, digits: number): string {
  return valuesOf(runs, of).map(value => value.toFixed(digits)).join(' ');
}

/** Rows of cells as lines, columns under one another. */
export function aligned(rows: readonly string[][]): string[] {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map(row => row[column]!.length)));
  return rows.map(row => row.map((cell, column) => cell.padEnd(widths[column]!)).join('  ').trimEnd());
}
