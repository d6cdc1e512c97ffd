/** A chart's values as a table: for those who do not see the lines, and for those who want the numbers. */
import { visibleText } from '../../src/shared/visibleText';
import { l10n } from '../ui/l10n';
import type { NumberStyle } from './chartList';
import type { ChartControls } from './controls';
import type { Entry } from './entries';
import { axisLabel, formatPlace, formatValue } from './numbers';
import { useSettled } from './store';
import { tableRows } from './tableRows';

const SETTLE_MS = 300;

export function ValuesTable({ title, numbers, entries, controls: { range, whole, settings } }: {
  title: string; numbers: NumberStyle; entries: readonly Entry[]; controls: ChartControls;
}) {
  const seen = useSettled(range, SETTLE_MS) ?? whole;
  const { rows, skipped } = tableRows(entries, seen);
  return (
    <div class={settings.showsTables ? 'chart-table' : 'sr-only'} tabIndex={settings.showsTables ? 0 : undefined} role="region" aria-label={l10n.t('{0}: values', title)}>
      <table>
        <caption>
          {skipped === 0 ? l10n.t('All values in sight') : l10n.t('{0} of {1} places in sight; the CSV file has all', rows.length, rows.length + skipped)}
        </caption>
        <thead>
          <tr>
            <th scope="col">{axisLabel(settings.axis)}</th>
            {entries.map(({ key, label, smoothed }) => [
              <th key={key} scope="col" class="number">{visibleText(label)}</th>,
              smoothed && <th key={`${key} smoothed`} scope="col" class="number">{l10n.t('{0}, smoothed', visibleText(label))}</th>,
            ])}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ x, values }) => (
            <tr key={x}>
              <th scope="row">{formatPlace(x, settings.axis)}</th>
              {values.map((value, i) => <td key={i} class="number">{value === undefined ? '' : formatValue(value, numbers)}</td>)}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
