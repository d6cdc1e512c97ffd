/** A part of a run more finely than its snapshot has it: when it is needed, and how it is put in. */
import type { Series, SeriesByName } from '../../src/shared/follow';
import { indexAtOrAfter, type Range } from './curve';
import { usualGap } from './smooth';

/** What the host answered for these steps; both ends belong to it. */
export interface Detail {
  readonly fromStep: number;
  readonly toStep: number;
  readonly series: SeriesByName;
}

/** The series with the detail in place of its own points there. */
export function withDetail(series: SeriesByName, detail: Detail | undefined): SeriesByName {
  if (!detail) return series;
  return Object.fromEntries(Object.entries(series).map(([name, whole]) => {
    const finer = detail.series[name];
    return [name, finer ? splice(whole, finer, detail) : whole];
  }));
}

/** A last evaluation at the end of a run, or a first at its beginning, is out of the beat, and no sign of thinning. */
const ODD_POINTS = 3;

/** Whether points are missing between these steps that the run's metrics have. */
export function isThinned({ steps }: Series, fromStep: number, toStep: number): boolean {
  const from = indexAtOrAfter(steps, fromStep);
  const to = indexAtOrAfter(steps, toStep);
  if (to - from < 2) return false;
  const whole = (steps[to - 1]! - steps[from]!) / usualGap(steps) + 1;
  return to - from + ODD_POINTS < whole;
}

/** The steps whose x lies in `range`, and the neighbours beyond; undefined where there is no point. */
export function stepsIn({ steps }: Series, xOf: (step: number) => number, range: Range): { fromStep: number; toStep: number } | undefined {
  if (steps.length === 0) return undefined;
  const xs = Float64Array.from(steps, xOf);
  const from = Math.max(0, indexAtOrAfter(xs, range.min) - 1);
  const to = Math.min(steps.length - 1, indexAtOrAfter(xs, range.max));
  return { fromStep: steps[from]!, toStep: steps[to]! };
}

function splice(whole: Series, finer: Series, { fromStep, toStep }: Detail): Series {
  const from = indexAtOrAfter(whole.steps, fromStep);
  const to = indexAtOrAfter(whole.steps, toStep + 1);
  return {
    steps: [...whole.steps.slice(0, from), ...finer.steps, ...whole.steps.slice(to)],
    values: [...whole.values.slice(0, from), ...finer.values, ...whole.values.slice(to)],
  };
}
