/** The last figures of runs beside one another, and which is best. Pure. */
import type { RunSnapshot } from '../../src/shared/follow';

export interface FigureRow {
  name: string;
  /** Of each run; null where it has none. */
  values: (number | null)[];
  /** Indices of the best; none where nobody can say what is better, or all are the same. */
  best: number[];
}

/** What a completed run says of itself, otherwise the last value of each metric. Evaluation comes first: it is what counts. */
export function figureRows(runs: readonly RunSnapshot[]): FigureRow[] {
  const figures = runs.map(figuresOf);
  const names = [...new Set(figures.flatMap(Object.keys))].sort((a, b) => rank(a) - rank(b) || a.localeCompare(b));
  return names.map(name => {
    const values = figures.map(figure => figure[name] ?? null);
    return { name, values, best: bestOf(values, betterOf(name)) };
  });
}

function figuresOf({ job, series }: RunSnapshot): Record<string, number> {
  const last = Object.entries(series).flatMap(([name, { values }]) => {
    const value = values.findLast(one => one !== null);
    return value == null || NOT_FIGURES.has(name) ? [] : [[name, value] as const];
  });
  return { ...Object.fromEntries(last), ...job.metrics };
}

/** How far it came and how fast says the list above; the rate is in the recipe. */
const NOT_FIGURES = new Set(['epoch', 'learning_rate', 'step_seconds', 'memory_bytes']);

function rank(name: string): number {
  if (name === 'eval_loss') return 0;
  if (name.startsWith('eval_')) return 1;
  return name === 'loss' ? 2 : 3;
}

/** Margins are not among them: larger is further apart, which is not better without end. */
function betterOf(name: string): 'lower' | 'higher' | undefined {
  if (/(?:^|_)loss$/.test(name) || name === 'peak_memory_bytes') return 'lower';
  return name.endsWith('rewards/accuracies') || name === 'tokens_per_second' ? 'higher' : undefined;
}

function bestOf(values: readonly (number | null)[], better: 'lower' | 'higher' | undefined): number[] {
  const known = values.filter(value => value !== null);
  if (better === undefined || new Set(known).size < 2) return [];
  const best = better === 'lower' ? Math.min(...known) : Math.max(...known);
  return values.flatMap((value, i) => value === best ? [i] : []);
}
