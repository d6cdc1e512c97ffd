/** What a view remembers of its charts over a reload. Looked at before it is used: an older version may have left something else. */
import { useEffect } from 'preact/hooks';
import { isChartSettings, type ChartSettings, type Range, type Store } from '../charts';
import { saveState } from '../ui/host';

export interface SavedCharts {
  settings: ChartSettings;
  range: Range | null;
}

export function isSavedCharts(value: unknown): value is SavedCharts {
  if (typeof value !== 'object' || value === null || !('settings' in value) || !('range' in value)) return false;
  const { settings, range } = value;
  return isChartSettings(settings) && (range === null || isRange(range));
}

/** Keeps them with what else the view saves, whenever either changes; `rest` undefined: nothing is known yet, so nothing is written. */
export function useSaved(settings: ChartSettings, range: Store<Range | null>, rest: object | undefined): void {
  useEffect(() => {
    if (!rest) return;
    const save = (): void => saveState({ settings, range: range.get(), ...rest });
    save();
    return range.subscribe(save);
  }, [settings, range, rest]);
}

function isRange(value: unknown): value is Range {
  return typeof value === 'object' && value !== null && 'min' in value && 'max' in value && Number.isFinite(value.min) && Number.isFinite(value.max);
}
