/** What the x axis counts: steps, epochs, or time spent training. */
import type { Series, SeriesByName } from '../../src/shared/follow';
import { indexAtOrAfter } from './curve';

export const AXIS_UNITS = ['step', 'epoch', 'time'] as const;
export type AxisUnit = (typeof AXIS_UNITS)[number];

/** Gives x of a step: itself, the epoch (1.5 is in the middle of the second), or the seconds of training until its end. Evaluations have steps
 *  of their own, so between updates x goes straight from one to the next. Where the run did not write what is needed, the step itself. */
export function axisOf(unit: AxisUnit, series: SeriesByName): (step: number) => number {
  if (unit === 'step') return step => step;
  const known = unit === 'epoch' ? series.epoch : series.step_seconds && secondsUntil(series.step_seconds);
  return known && known.steps.length > 0 ? straightThrough(known) : step => step;
}

/** The sum of the seconds of all updates until each. A point stands for the steps since the one before, so that a metric written every tenth
 *  step, or thinned out, gives an estimate. */
function secondsUntil({ steps, values }: Series): Series {
  let [seconds, lastStep] = [0, 0];
  const until = steps.map((step, i) => {
    seconds += (values[i] ?? 0) * (step - lastStep);
    lastStep = step;
    return seconds;
  });
  return { steps, values: until };
}

/** A line through all points and (0, 0); beyond the last it keeps its direction. */
function straightThrough({ steps, values }: Series): (step: number) => number {
  const xs = Float64Array.from([0, ...steps]);
  const ys = Float64Array.from([0, ...values], value => value ?? NaN);
  for (let i = 1; i < ys.length; i++) if (Number.isNaN(ys[i]!)) ys[i] = ys[i - 1]!;
  return step => {
    const after = Math.min(xs.length - 1, Math.max(1, indexAtOrAfter(xs, step)));
    const [x0, x1, y0, y1] = [xs[after - 1]!, xs[after]!, ys[after - 1]!, ys[after]!];
    return x1 === x0 ? y1 : y0 + ((step - x0) * (y1 - y0)) / (x1 - x0);
  };
}
