/** The strip below the toolbar: the first chart's lines as a whole, with a window on the range in sight that can be moved and stretched. */
import { useEffect, useRef } from 'preact/hooks';
import { l10n } from '../ui/l10n';
import type { ChartControls } from './controls';
import { drawLines } from './drawLines';
import type { Entry } from './entries';
import { panned, within, zoomed } from './navigate';
import { formatPlace } from './numbers';
import type { Palette } from './palette';
import { plotOf } from './plot';
import { useStore } from './store';

const HEIGHT = 44;

export function Overview({ entries, controls, palette }: { entries: readonly Entry[]; controls: ChartControls; palette: Palette }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const { range, whole, settings } = controls;
  const seen = useStore(range) ?? whole;

  useEffect(() => {
    const element = canvas.current!;
    const draw = (): void => {
      const [width, height] = [Math.round(element.clientWidth * devicePixelRatio), HEIGHT * devicePixelRatio];
      if (width === 0) return;
      Object.assign(element, { width, height });
      const lines = entries.flatMap(entry => entry.smoothed ? entry.lines.slice(1) : entry.lines);
      const plot = plotOf(lines, whole, { columns: width, wantsLog: settings.isLog, ignoresOutliers: settings.ignoresOutliers });
      drawLines(element.getContext('2d')!, plot, { left: 0, top: 0, width, height }, devicePixelRatio);
    };
    draw();
    const sizes = new ResizeObserver(draw);
    sizes.observe(element);
    return () => sizes.disconnect();
  }, [entries, whole, palette, settings]);

  /** Moves by the distance that the pointer goes; `change` says what of the range. */
  const drag = (change: (by: number, from: typeof seen) => { min: number; max: number }) => (down: PointerEvent): void => {
    const from = range.get() ?? whole;
    const perPixel = (whole.max - whole.min) / canvas.current!.clientWidth;
    const target = down.currentTarget as HTMLElement;
    target.setPointerCapture(down.pointerId);
    const move = (event: PointerEvent): void => {
      const { min, max } = change((event.clientX - down.clientX) * perPixel, from);
      range.set(within(whole, { min: Math.min(min, max), max: Math.max(min, max) }));
    };
    const end = (): void => {
      target.removeEventListener('pointermove', move);
      target.removeEventListener('lostpointercapture', end);
    };
    target.addEventListener('pointermove', move);
    target.addEventListener('lostpointercapture', end);
    down.preventDefault();
  };

  const keys = (event: KeyboardEvent): void => {
    const direction = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    const factor = { '+': 0.8, '=': 0.8, '-': 1.25 }[event.key];
    if (direction !== undefined) range.set(panned(whole, seen, 0.1 * direction));
    else if (factor !== undefined) range.set(zoomed(whole, seen, (seen.min + seen.max) / 2, factor));
    else if (event.key === 'Escape') range.set(null);
    else return;
    event.preventDefault();
  };

  const percent = (x: number): number => ((x - whole.min) / (whole.max - whole.min)) * 100;
  const text = l10n.t('{0} to {1}', formatPlace(seen.min, settings.axis), formatPlace(seen.max, settings.axis));
  return (
    <div class="overview">
      <canvas ref={canvas} aria-hidden="true" />
      <div
        class={`overview-window ${range.get() === null ? 'is-whole' : ''}`} role="slider" tabIndex={0} aria-label={l10n.t('Range in sight')} title={text}
        aria-valuemin={whole.min} aria-valuemax={whole.max} aria-valuenow={(seen.min + seen.max) / 2} aria-valuetext={text}
        style={{ left: `${percent(seen.min)}%`, width: `${percent(seen.max) - percent(seen.min)}%` }}
        onKeyDown={keys} onDblClick={() => range.set(null)}
        onPointerDown={drag((by, { min, max }) => ({ min: min + by, max: max + by }))}
      >
        <span class="overview-edge is-left" onPointerDown={event => { event.stopPropagation(); drag((by, { min, max }) => ({ min: min + by, max }))(event); }} />
        <span class="overview-edge is-right" onPointerDown={event => { event.stopPropagation(); drag((by, { min, max }) => ({ min, max: max + by }))(event); }} />
      </div>
    </div>
  );
}
