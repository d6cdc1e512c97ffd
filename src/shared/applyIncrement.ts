/** A run's snapshot brought up to date: what a view does with each increment. Pure; the snapshot given stays as it was. */
import { LOG_LINES_LIMIT, SAMPLE_ROUNDS_LIMIT, SERIES_POINTS_LIMIT } from './follow';
import type { RunIncrement, RunSnapshot, SampleRound, Series, SeriesByName } from './follow';
import { bucketFor, thinOut } from './thinOut';

export function applyIncrement(snapshot: RunSnapshot, increment: RunIncrement): RunSnapshot {
  const cut = increment.cut_after_step ?? Infinity;
  return {
    ...snapshot,
    job: increment.job ?? snapshot.job,
    facts: increment.facts ?? snapshot.facts,
    series: joinSeries(cutSeries(snapshot.series, cut), increment.series ?? {}),
    samples: boundRounds([...snapshot.samples.filter(({ step }) => step <= cut), ...increment.samples ?? []]),
    problems: increment.problems ? [...snapshot.problems, ...increment.problems] : snapshot.problems,
    log: increment.log ? [...snapshot.log, ...increment.log].slice(-LOG_LINES_LIMIT) : snapshot.log,
    checkpoints: increment.checkpoints ?? snapshot.checkpoints,
  };
}

/** The first rounds show where the model came from, the last where it is: what is too much goes from between. */
export function boundRounds(rounds: SampleRound[]): SampleRound[] {
  const half = SAMPLE_ROUNDS_LIMIT / 2;
  return rounds.length <= SAMPLE_ROUNDS_LIMIT ? rounds : [...rounds.slice(0, half), ...rounds.slice(-half)];
}

/** At most `maxPoints`: of each bucket the first, the lowest, the highest and the last. */
export function boundSeries(series: Series, maxPoints: number): Series {
  const { steps, values } = series;
  if (steps.length <= maxPoints) return series;
  const points = steps.map((step, i) => ({ step, value: values[i]! }));
  const kept = thinOut(points, bucketFor(points, 1, maxPoints));
  return { steps: kept.map(i => steps[i]!), values: kept.map(i => values[i]!) };
}

function cutSeries(byName: SeriesByName, lastStep: number): SeriesByName {
  if (lastStep === Infinity) return byName;
  return mapSeries(byName, ({ steps, values }) => {
    const end = steps.findIndex(step => step > lastStep);
    return end === -1 ? { steps, values } : { steps: steps.slice(0, end), values: values.slice(0, end) };
  });
}

function joinSeries(before: SeriesByName, added: SeriesByName): SeriesByName {
  const joined = { ...before };
  for (const [name, { steps, values }] of Object.entries(added)) {
    const known = before[name] ?? { steps: [], values: [] };
    const all = { steps: [...known.steps, ...steps], values: [...known.values, ...values] };
    joined[name] = all.steps.length <= SERIES_POINTS_LIMIT ? all : boundSeries(all, SERIES_POINTS_LIMIT / 2);
  }
  return joined;
}

function mapSeries(byName: SeriesByName, change: (series: Series) => Series): SeriesByName {
  return Object.fromEntries(Object.entries(byName).map(([name, series]) => [name, change(series)]));
}
