/** Metrics of runs as CSV (RFC 4180): a line a step, a column a metric. */
import type { SeriesByName } from './follow';

export interface NamedSeries {
  name: string;
  series: SeriesByName;
}

/** Columns: `run` where there are several, `step`, then every metric by name; a field is empty where the step has no such value. */
export function seriesCsv(runs: readonly NamedSeries[]): string {
  const metrics = [...new Set(runs.flatMap(({ series }) => Object.keys(series)))].sort();
  const hasRuns = runs.length > 1;
  const lines = [[...(hasRuns ? ['run'] : []), 'step', ...metrics].map(field)];
  for (const { name, series } of runs) {
    const bySteps = new Map<number, (string | undefined)[]>();
    metrics.forEach((metric, column) => series[metric]?.steps.forEach((step, i) => {
      const row = bySteps.get(step) ?? [];
      bySteps.set(step, row);
      const value = series[metric]!.values[i];
      if (value != null) row[column] = String(value);
    }));
    for (const step of [...bySteps.keys()].sort((a, b) => a - b)) {
      const row = bySteps.get(step)!;
      lines.push([...(hasRuns ? [field(name)] : []), String(step), ...metrics.map((_, column) => row[column] ?? '')]);
    }
  }
  return lines.map(line => `${line.join(',')}\r\n`).join('');
}

/** Quoted where it must be. A spreadsheet takes a field that begins with = + - @ for a formula, so such a name is quoted after an apostrophe. */
function field(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
