/** The charts of one run or of several: toolbar, overview, grid. */
import { useEffect, useMemo, useState } from 'preact/hooks';
import type { SeriesByName, SeriesRange } from '../../src/shared/follow';
import { l10n } from '../ui/l10n';
import { Chart } from './chart';
import { AXIS_UNITS, axisOf, type AxisUnit } from './axis';
import { chartsOf } from './chartList';
import type { ChartControls, ChartSettings } from './controls';
import { wholeRange, type Range } from './curve';
import { isThinned, stepsIn, withDetail, type Detail } from './detail';
import { entriesOf, type Source } from './entries';
import { Overview } from './overview';
import { usePalette } from './palette';
import { picturePng, pictureOf } from './picture';
import { createStore, useSettled, type Store } from './store';
import { svgOf } from './svg';
import { Toolbar, type ExportKind } from './toolbar';
import './charts.css';

/** A run whose charts are shown. */
export interface ChartedRun {
  id: string;
  name: string;
  series: SeriesByName;
}

export interface ChartGridProps {
  runs: readonly ChartedRun[];
  /** Runs are told apart by colour and dash, instead of metrics. */
  isOverlay: boolean;
  settings: ChartSettings;
  onSettings: (settings: ChartSettings) => void;
  range: Store<Range | null>;
  /** A finer part of a run's series than `runs` has. */
  loadSeries: (runId: string, range: SeriesRange) => Promise<SeriesByName>;
  /** What a file of the charts is called, without its ending. */
  title: string;
  onSave: (file: { kind: 'png' | 'svg'; content: string }) => void;
  /** Every value in the range; the host has them all. */
  onSaveValues: (steps: { fromStep?: number; toStep?: number }) => void;
  shimmers?: boolean;
}

/** Of one series in a finer part: more than any screen has columns. */
const DETAIL_POINTS = 8192;
const SETTLE_MS = 150;

export function ChartGrid({ runs, isOverlay, settings, onSettings, range, loadSeries, title, onSave, onSaveValues, shimmers }: ChartGridProps) {
  const palette = usePalette();
  const cursor = useMemo(() => createStore<number | null>(null), []);
  const units = AXIS_UNITS.filter(unit => runs.every(({ series }) => hasUnit(series, unit)));
  const axis = units.includes(settings.axis) ? settings.axis : 'step';
  const details = useDetails(runs, axis, range, loadSeries);

  const sources = useMemo(() => runs.map((run): Source => ({ ...run, series: withDetail(run.series, details[run.id]), xOf: xOfRun(run.series, axis) })), [runs, details, axis]);
  const names = [...new Set(runs.flatMap(({ series }) => Object.keys(series)))].sort().join('\n');
  const specs = useMemo(() => chartsOf(names.split('\n').filter(name => name !== ''), l10n, { isOverlay }), [names, isOverlay]);
  const charts = useMemo(
    () => specs.map(spec => ({ spec, entries: entriesOf(spec, sources, { smoothing: settings.smoothing, isOverlay, palette }) })).filter(({ entries }) => entries.length > 0),
    [specs, sources, settings.smoothing, isOverlay, palette],
  );
  const whole = useMemo(() => widened(wholeRange(charts.flatMap(({ entries }) => entries.map(({ raw }) => raw)))), [charts]);
  const shownSettings = useMemo(() => ({ ...settings, axis }), [settings, axis]);
  const controls: ChartControls = { range, cursor, whole, settings: shownSettings };

  const save = (kind: ExportKind): void => {
    const seen = range.get() ?? whole;
    if (kind === 'csv') return onSaveValues(range.get() === null ? {} : stepsOfAll(sources, seen));
    const picture = pictureOf(charts, { title, controls, palette });
    if (kind === 'svg') onSave({ kind, content: svgOf(picture) });
    else void picturePng(picture).then(content => onSave({ kind, content }));
  };

  if (charts.length === 0) return <p class="muted">{l10n.t('Curves begin with the first step')}</p>;
  return (
    <section class="charts" aria-label={l10n.t('Charts')}>
      <Toolbar
        controls={controls} units={units} onExport={save}
        onSettings={next => {
          // A place on one axis means nothing on another.
          if (next.axis !== axis) {
            range.set(null);
            cursor.set(null);
          }
          onSettings(next);
        }}
      />
      <Overview entries={charts[0]!.entries} controls={controls} palette={palette} />
      <div class="chart-grid">
        {charts.map(({ spec, entries }, i) => (
          <Chart key={spec.id} spec={spec} entries={entries} controls={controls} palette={palette} shimmers={shimmers && i === 0} />
        ))}
      </div>
    </section>
  );
}

/** Finer points of what is in sight, asked for when the range has come to rest. */
function useDetails(runs: readonly ChartedRun[], axis: AxisUnit, range: Store<Range | null>, loadSeries: ChartGridProps['loadSeries']): Record<string, Detail> {
  const [details, setDetails] = useState<Record<string, Detail>>({});
  const settled = useSettled(range, SETTLE_MS);
  useEffect(() => {
    let isCurrent = true;
    const wanted = settled === null ? [] : runs.flatMap(run => {
      const steps = stepsOf({ series: run.series, xOf: xOfRun(run.series, axis) }, settled);
      return steps && Object.values(run.series).some(series => isThinned(series, steps.fromStep, steps.toStep)) ? [{ run, steps }] : [];
    });
    if (wanted.length === 0) setDetails(before => Object.keys(before).length === 0 ? before : {});
    else {
      void Promise.all(wanted.map(async ({ run, steps }) => [run.id, { ...steps, series: await loadSeries(run.id, { ...steps, maxPoints: DETAIL_POINTS }) }] as const))
        .then(loaded => { if (isCurrent) setDetails(Object.fromEntries(loaded)); });
    }
    return () => { isCurrent = false; };
    // Not when points are added: a part that was loaded stays right.
  }, [settled, axis, runs.map(({ id }) => id).join('\n')]);
  return details;
}

/** An axis for the same series is the same function, so that nothing is computed anew for it. */
const axes = new WeakMap<object, { unit: AxisUnit; xOf: (step: number) => number }>();

function xOfRun(series: SeriesByName, unit: AxisUnit): (step: number) => number {
  if (unit === 'step') return STEP;
  const basis = unit === 'epoch' ? series.epoch! : series.step_seconds!;
  const before = axes.get(basis);
  if (before?.unit === unit) return before.xOf;
  const xOf = axisOf(unit, series);
  axes.set(basis, { unit, xOf });
  return xOf;
}

const STEP = axisOf('step', {});

function hasUnit(series: SeriesByName, unit: AxisUnit): boolean {
  if (unit === 'step') return true;
  return ((unit === 'epoch' ? series.epoch : series.step_seconds)?.steps.length ?? 0) > 0;
}

/** By the metric that has the most points. */
function stepsOf({ series, xOf }: Pick<Source, 'series' | 'xOf'>, range: Range): { fromStep: number; toStep: number } | undefined {
  const [longest] = Object.values(series).sort((a, b) => b.steps.length - a.steps.length);
  return longest && stepsIn(longest, xOf, range);
}

function stepsOfAll(sources: readonly Source[], range: Range): { fromStep?: number; toStep?: number } {
  const parts = sources.flatMap(source => stepsOf(source, range) ?? []);
  return { fromStep: Math.min(...parts.map(({ fromStep }) => fromStep)), toStep: Math.max(...parts.map(({ toStep }) => toStep)) };
}

/** A single point is shown in the middle. */
function widened(range: Range = { min: 0, max: 1 }): Range {
  return range.max > range.min ? range : { min: range.min - 0.5, max: range.max + 0.5 };
}
