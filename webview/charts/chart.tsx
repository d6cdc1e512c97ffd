/** One chart: uPlot makes axes, grid, cursor and selection; the lines are ours (drawLines), because each has points of its own. */
import { useEffect, useId, useMemo, useRef, useState } from 'preact/hooks';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import type { ChartSpec } from './chartList';
import type { ChartControls } from './controls';
import { nearestIndex } from './curve';
import { drawLines } from './drawLines';
import type { Entry } from './entries';
import { handleKey } from './keys';
import { Legend, legendText } from './legend';
import { within, zoomed } from './navigate';
import { formatPlace, formatTick, formatValue } from './numbers';
import type { Palette } from './palette';
import { plotOf, type Plot } from './plot';
import { useSettled, useStore } from './store';
import { l10n } from '../ui/l10n';
import { ValuesTable } from './valuesTable';

const HEIGHT = 200;
/** Room for "1.234e-5" beside the axis. */
const Y_AXIS_WIDTH = 58;
/** uPlot's names for its scales are a const enum, which a bundler cannot read. */
const [LINEAR, LOGARITHMIC] = [1, 3] as uPlot.Scale.Distr[];
/** What screen readers hear of the range waits for the end of a movement. */
const SETTLE_MS = 100;
/** Narrower selections are clicks. */
const SMALLEST_DRAG = 4;

export interface ChartProps {
  spec: ChartSpec;
  entries: readonly Entry[];
  controls: ChartControls;
  palette: Palette;
  /** The run has just ended well: the last point says so, once. */
  shimmers?: boolean | undefined;
}

export function Chart({ spec, entries, controls, palette, shimmers = false }: ChartProps) {
  const place = useRef<HTMLDivElement>(null);
  const chart = useRef<uPlot>(undefined);
  const newest = useRef<{ plot?: Plot; draw: () => void }>({ draw: () => {} });
  const isSeen = useRef(true);
  const [isLog, setIsLog] = useState(false);
  const [hidden, setHidden] = useState(0);
  const titleId = useId();
  const { range, cursor, whole, settings } = controls;
  const lines = useMemo(() => entries.flatMap(entry => entry.lines), [entries]);

  newest.current.draw = () => {
    const u = chart.current;
    if (!u || !isSeen.current) return;
    const plot = plotOf(lines, range.get() ?? whole, {
      columns: Math.max(1, Math.round(u.bbox.width)), wantsLog: settings.isLog, ignoresOutliers: settings.ignoresOutliers,
    });
    newest.current.plot = plot;
    setHidden(plot.hidden);
    setIsLog(plot.isLog);
    // uPlot's axis is made for one kind of scale; with another it is made anew, and draws then.
    if (plot.isLog !== (u.scales.y!.distr === LOGARITHMIC)) return;
    u.batch(() => {
      u.setScale('x', { ...plot.x });
      u.setScale('y', { ...plot.y });
    });
  };

  useEffect(() => {
    const box = place.current!;
    const u = new uPlot(optionsFor({
      spec, controls, palette, isLog, width: box.clientWidth,
      draw: u => newest.current.plot && drawLines(u.ctx, newest.current.plot, u.bbox, devicePixelRatio),
    }), [[0, 1], [null, null]], box);
    chart.current = u;
    newest.current.draw();
    const sizes = new ResizeObserver(() => {
      if (box.clientWidth === 0 || box.clientWidth === u.width) return;
      u.setSize({ width: box.clientWidth, height: HEIGHT });
      newest.current.draw();
    });
    sizes.observe(box);
    return () => {
      sizes.disconnect();
      chart.current = undefined;
      u.destroy();
    };
  }, [isLog, palette, spec.numbers, settings.axis]);

  useEffect(() => newest.current.draw(), [lines, whole, settings]);

  useEffect(() => {
    const seen = new IntersectionObserver(([entry]) => {
      isSeen.current = entry!.isIntersecting;
      newest.current.draw();
    });
    seen.observe(place.current!);
    const stops = [
      range.subscribe(() => newest.current.draw()),
      cursor.subscribe(x => {
        const u = chart.current;
        if (u && isSeen.current) u.setCursor({ left: x === null ? -10 : u.valToPos(x, 'x'), top: 0 }, false);
      }),
    ];
    return () => {
      seen.disconnect();
      stops.forEach(stop => stop());
    };
  }, [range, cursor]);

  // Passive listeners cannot keep the page from scrolling, and Preact's wheel listeners are passive in Chromium.
  useEffect(() => {
    const box = place.current!;
    const turn = (event: WheelEvent): void => {
      const u = chart.current;
      if (!u || !(event.ctrlKey || event.metaKey)) return;
      event.preventDefault();
      const x = u.posToVal(event.clientX - u.over.getBoundingClientRect().left, 'x');
      range.set(zoomed(whole, range.get() ?? whole, x, event.deltaY > 0 ? 1.25 : 0.8));
    };
    box.addEventListener('wheel', turn, { passive: false });
    return () => box.removeEventListener('wheel', turn);
  }, [range, whole]);

  const at = useStore(cursor);
  const shownRange = useSettled(range, SETTLE_MS) ?? whole;
  const lastX = lines.reduce((last, { curve: { xs } }) => Math.max(last, xs[xs.length - 1] ?? -Infinity), whole.min);
  return (
    <figure class="chart" aria-labelledby={titleId}>
      <figcaption id={titleId}>{spec.title}</figcaption>
      <Legend entries={entries} numbers={spec.numbers} cursor={at} />
      <div
        ref={place} class="chart-place" role="slider" tabIndex={0} aria-label={l10n.t('{0}: place of the cursor', spec.title)}
        aria-valuemin={shownRange.min} aria-valuemax={shownRange.max} aria-valuenow={at ?? lastX}
        aria-valuetext={`${formatPlace(at ?? lastX, settings.axis)}: ${legendText(entries, spec.numbers, at)}`}
        onKeyDown={event => handleKey(event, controls, entries[0]?.raw.xs)}
      >
        {shimmers && chart.current && newest.current.plot && <Shimmer u={chart.current} entries={entries} />}
      </div>
      {hidden > 0 && <p class="chart-note">{hidden === 1 ? l10n.t('1 point is outside of the axis') : l10n.t('{0} points are outside of the axis', hidden)}</p>}
      {settings.isLog && !isLog && lines.length > 0 && <p class="chart-note">{l10n.t('Linear: there are values of 0 or less')}</p>}
      <ValuesTable title={spec.title} numbers={spec.numbers} entries={entries} controls={controls} />
    </figure>
  );
}

/** A brief ring around the newest training point. */
function Shimmer({ u, entries }: { u: uPlot; entries: readonly Entry[] }) {
  const [isOver, setIsOver] = useState(false);
  const curve = entries[0]?.smoothed ?? entries[0]?.raw;
  const last = curve ? nearestIndex(curve.xs, Infinity) : -1;
  if (isOver || last < 0) return null;
  const [left, top] = [u.valToPos(curve!.xs[last]!, 'x'), u.valToPos(curve!.ys[last]!, 'y')];
  if (!Number.isFinite(left) || !Number.isFinite(top)) return null;
  return <span class="shimmer" aria-hidden="true" style={{ left: `${left + u.over.offsetLeft}px`, top: `${top + u.over.offsetTop}px` }} onAnimationEnd={() => setIsOver(true)} />;
}

interface Making {
  spec: ChartSpec;
  controls: ChartControls;
  palette: Palette;
  isLog: boolean;
  width: number;
  draw: (u: uPlot) => void;
}

function optionsFor({ spec, controls: { range, cursor, whole, settings }, palette, isLog, width, draw }: Making): uPlot.Options {
  const axis: uPlot.Axis = {
    stroke: palette.muted, font: `11px ${palette.fontFamily}`, grid: { stroke: palette.grid, width: 0.5 }, ticks: { show: false }, border: { show: false },
  };
  return {
    width, height: HEIGHT, legend: { show: false }, padding: [8, 12, 0, 0],
    series: [{}, { scale: 'y', show: true, points: { show: false } }],
    scales: { x: { time: false, range: (_u, min, max) => [min, max] }, y: { auto: false, range: (_u, min, max) => [min, max], distr: isLog ? LOGARITHMIC : LINEAR } },
    axes: [
      {
        ...axis, size: 28, space: 60, incrs: INCREMENTS[settings.axis],
        values: (_u, splits) => splits.map(x => formatTick(x, settings.axis)),
        label: undefined,
      },
      {
        ...axis, size: Y_AXIS_WIDTH, space: 32,
        values: (_u, splits) => splits.map(y => y === null ? '' : formatValue(y, spec.numbers)),
      },
    ],
    cursor: {
      y: false, points: { show: false },
      drag: { x: true, y: false, setScale: false, dist: SMALLEST_DRAG },
      bind: { dblclick: () => () => { range.set(null); return null; } },
    },
    hooks: {
      draw: [draw],
      setCursor: [u => cursor.set(u.cursor.left! < 0 ? null : u.posToVal(u.cursor.left!, 'x'))],
      setSelect: [u => {
        const { left, width: selected } = u.select;
        if (selected >= SMALLEST_DRAG) range.set(within(whole, { min: u.posToVal(left, 'x'), max: u.posToVal(left + selected, 'x') }));
        u.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
      }],
    },
  };
}

/** Steps are whole, and time is counted in sixties. */
const DECIMAL = [1, 2, 5];
const INCREMENTS: Record<ChartControls['settings']['axis'], number[]> = {
  step: [0, 1, 2, 3, 4, 5, 6, 7].flatMap(power => DECIMAL.map(factor => factor * 10 ** power)),
  epoch: [-4, -3, -2, -1, 0, 1, 2].flatMap(power => DECIMAL.map(factor => factor * 10 ** power)),
  time: [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 28_800, 43_200, 86_400, 172_800, 864_000],
};
