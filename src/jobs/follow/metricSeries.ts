/** Rows of training_metrics as series. */
import { boundSeries } from '../../shared/applyIncrement';
import type { SeriesByName, SeriesRange } from '../../shared/follow';
import type { MetricRow } from '../jobRecord';

const COLUMNS = ['loss', 'eval_loss', 'learning_rate', 'epoch', 'grad_norm', 'tokens_per_second'] as const;

/** `rows` in order of step. */
export function seriesOfRows(rows: readonly MetricRow[], { maxPoints = Infinity, names }: SeriesRange = {}): SeriesByName {
  const series: SeriesByName = {};
  const add = (name: string, step: number, value: number | null): void => {
    if (value === null || (names && !names.includes(name))) return;
    const one = (series[name] ??= { steps: [], values: [] });
    one.steps.push(step);
    one.values.push(value);
  };
  for (const row of rows) {
    for (const name of COLUMNS) add(name, row.step, row[name]);
    for (const [name, value] of Object.entries(row.extra ?? {})) add(name, row.step, value);
  }
  return Object.fromEntries(Object.entries(series).map(([name, one]) => [name, boundSeries(one, maxPoints)]));
}
