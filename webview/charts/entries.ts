/** The lines of a chart: each metric of each run, as it was written and smoothed. */
import type { Series, SeriesByName } from '../../src/shared/follow';
import type { ChartSpec, LineSpec } from './chartList';
import { curveOf, type Curve } from './curve';
import { runColor, runDash, type Palette } from './palette';
import { limitsOnce, type Line, type LineLook } from './plot';
import { smooth } from './smooth';

/** One run as charts see it. */
export interface Source {
  id: string;
  name: string;
  series: SeriesByName;
  /** Step → place on the x axis. */
  xOf: (step: number) => number;
}

/** A line of the legend. */
export interface Entry {
  key: string;
  label: string;
  look: LineLook;
  raw: Curve;
  /** Undefined where the metric is not smoothed, or the slider is at 0. */
  smoothed: Curve | undefined;
  lines: Line[];
}

const FAINT = 0.3;

export interface EntryOptions {
  smoothing: number;
  isOverlay: boolean;
  palette: Palette;
}

export function entriesOf(spec: ChartSpec, sources: readonly Source[], { smoothing, isOverlay, palette }: EntryOptions): Entry[] {
  return spec.lines.flatMap(line => sources.flatMap((source, i) => {
    const series = source.series[line.metric];
    if (!series || series.steps.length === 0) return [];
    const look: LineLook = {
      color: isOverlay ? runColor(palette, i) : palette.roles[line.role],
      dash: isOverlay ? runDash(i) : line.metric.startsWith('peak_') ? [4, 3] : [],
      width: palette.isHighContrast ? 2 : 1.5, alpha: 1, isPoints: line.isPoints,
    };
    const { raw, smoothed } = curvesOf(series, source.xOf, line.isSmoothed ? smoothing : 0);
    const rawLine = { ...look, ...(smoothed && { width: 1, alpha: FAINT, dash: [] }), curve: raw.curve, limits: raw.limits };
    return [{
      key: `${source.id} ${line.metric}`, label: labelOf(spec, line, source, isOverlay), look, raw: raw.curve, smoothed: smoothed?.curve,
      lines: smoothed ? [rawLine, { ...look, ...smoothed }] : [rawLine],
    }];
  }));
}

function labelOf(spec: ChartSpec, line: LineSpec, source: Source, isOverlay: boolean): string {
  if (!isOverlay) return line.label;
  return spec.lines.length === 1 ? source.name : `${source.name} · ${line.label}`;
}

type WithLimits = Pick<Line, 'curve' | 'limits'>;

interface Curves {
  xOf: (step: number) => number;
  smoothing: number;
  raw: WithLimits;
  smoothed: WithLimits | undefined;
}

/** A series that did not change gives the curves it gave before: an increment touches few of them, and a new theme none. */
const known = new WeakMap<Series, Curves>();

function curvesOf(series: Series, xOf: (step: number) => number, smoothing: number): Curves {
  const before = known.get(series);
  if (before && before.xOf === xOf && before.smoothing === smoothing) return before;
  const raw = before?.xOf === xOf ? before.raw : withLimits(curveOf(series, xOf));
  const smoothed = smoothing === 0 ? undefined : withLimits({ xs: raw.curve.xs, ys: smooth(series, smoothing) });
  const curves: Curves = { xOf, smoothing, raw, smoothed };
  known.set(series, curves);
  return curves;
}

function withLimits(curve: Curve): WithLimits {
  return { curve, limits: limitsOnce(curve) };
}
