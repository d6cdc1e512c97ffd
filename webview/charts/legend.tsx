/** The lines of a chart by name, with their values at the cursor, or their last ones. */
import { visibleText } from '../../src/shared/visibleText';
import { l10n } from '../ui/l10n';
import type { NumberStyle } from './chartList';
import { nearestIndex, type Curve } from './curve';
import type { Entry } from './entries';
import { formatValue } from './numbers';
import type { LineLook } from './plot';

export function Legend({ entries, numbers, cursor }: { entries: readonly Entry[]; numbers: NumberStyle; cursor: number | null }) {
  return (
    <ul class="chart-legend">
      {entries.map(entry => (
        <li key={entry.key}>
          <Swatch look={entry.look} />
          <span class="chart-name">{visibleText(entry.label)}</span> <span class="chart-value">{valueText(entry, numbers, cursor)}</span>
        </li>
      ))}
    </ul>
  );
}

/** What a line looks like, beside its name. */
export function Swatch({ look: { color, dash, width, isPoints } }: { look: LineLook }) {
  return (
    <svg class="swatch" width="20" height="10" aria-hidden="true">
      {isPoints ? <circle cx="10" cy="5" r="3" fill={color} /> : <line x1="0" y1="5" x2="20" y2="5" stroke={color} stroke-width={width + 0.5} stroke-dasharray={dash.join(' ')} />}
    </svg>
  );
}

/** "Training 1.832 (smoothed 1.901), Evaluation 1.75". */
export function legendText(entries: readonly Entry[], numbers: NumberStyle, cursor: number | null): string {
  return entries.map(entry => `${visibleText(entry.label)} ${valueText(entry, numbers, cursor)}`).join(', ');
}

function valueText({ raw, smoothed }: Entry, numbers: NumberStyle, cursor: number | null): string {
  const value = valueAt(raw, cursor);
  if (value === undefined) return l10n.t('no value');
  const smooth = smoothed && valueAt(smoothed, cursor);
  return smooth === undefined ? formatValue(value, numbers) : l10n.t('{0} (smoothed {1})', formatValue(value, numbers), formatValue(smooth, numbers));
}

/** Of the nearest point; undefined where that is missing. */
function valueAt({ xs, ys }: Curve, x: number | null): number | undefined {
  const value = ys[nearestIndex(xs, x ?? Infinity)];
  return value === undefined || Number.isNaN(value) ? undefined : value;
}
