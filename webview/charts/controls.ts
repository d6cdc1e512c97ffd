/** What all charts of a view share: the range in sight, the cursor, and what the toolbar says. */
import { AXIS_UNITS, type AxisUnit } from './axis';
import type { Range } from './curve';
import type { Store } from './store';

export interface ChartSettings {
  /** Weight of the moving average, 0–0.99. */
  smoothing: number;
  axis: AxisUnit;
  isLog: boolean;
  ignoresOutliers: boolean;
  /** The values as text are seen, not only read out. */
  showsTables: boolean;
}

export const DEFAULT_SETTINGS: ChartSettings = { smoothing: 0.6, axis: 'step', isLog: false, ignoresOutliers: false, showsTables: false };

export interface ChartControls {
  /** Null: all there is. In units of the axis. */
  range: Store<Range | null>;
  /** Place on the x axis; null: the pointer is elsewhere. */
  cursor: Store<number | null>;
  whole: Range;
  settings: ChartSettings;
}

export function isChartSettings(value: unknown): value is ChartSettings {
  if (typeof value !== 'object' || value === null) return false;
  const { smoothing, axis, ...switches } = value as Partial<Record<keyof ChartSettings, unknown>>;
  return typeof smoothing === 'number' && smoothing >= 0 && smoothing < 1 && AXIS_UNITS.some(unit => unit === axis)
    && [switches.isLog, switches.ignoresOutliers, switches.showsTables].every(isOn => typeof isOn === 'boolean');
}
