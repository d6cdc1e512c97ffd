/** How the charts are shown, for all at once. */
import { Dropdown, IconButton, Slider } from '../ui/controls';
import { l10n } from '../ui/l10n';
import { AXIS_UNITS, type AxisUnit } from './axis';
import { CLIP_PERCENT } from './clip';
import type { ChartControls, ChartSettings } from './controls';
import { axisLabel, formatPlace } from './numbers';
import { useStore } from './store';

export type ExportKind = 'png' | 'svg' | 'csv';

export interface ToolbarProps {
  controls: ChartControls;
  /** Units that the runs can be shown over. */
  units: readonly AxisUnit[];
  onSettings: (settings: ChartSettings) => void;
  onExport: (kind: ExportKind) => void;
}

export function Toolbar({ controls: { range, cursor, settings }, units, onSettings, onExport }: ToolbarProps) {
  const isZoomed = useStore(range) !== null;
  const at = useStore(cursor);
  const change = (part: Partial<ChartSettings>): void => onSettings({ ...settings, ...part });
  return (
    <div class="row chart-toolbar" role="toolbar" aria-label={l10n.t('Charts')}>
      <Slider
        label={l10n.t('Smoothing')} min={0} max={0.99} step={0.01} value={settings.smoothing} shown={settings.smoothing.toFixed(2)}
        onValue={smoothing => change({ smoothing })}
      />
      <Dropdown
        label={l10n.t('Horizontal axis')} value={settings.axis} onValue={axis => change({ axis: AXIS_UNITS.find(unit => unit === axis)! })}
        choices={units.map(unit => ({ value: unit, label: axisLabel(unit) }))}
      />
      <Toggle title={l10n.t('Logarithmic axis')} text={l10n.t('Log')} isOn={settings.isLog} onToggle={isLog => change({ isLog })} />
      <Toggle
        title={l10n.t('Ignore outliers: {0} % of the values at each end may be out of sight', CLIP_PERCENT)} text={l10n.t('Clip')}
        isOn={settings.ignoresOutliers} onToggle={ignoresOutliers => change({ ignoresOutliers })}
      />
      <Toggle title={l10n.t('The values of each chart as a table')} text={l10n.t('Values')} isOn={settings.showsTables} onToggle={showsTables => change({ showsTables })} />
      <IconButton icon="screen-normal" label={l10n.t('Show the whole range')} disabled={!isZoomed} onPress={() => range.set(null)} />
      <span class="chart-cursor muted">{at === null ? '' : formatPlace(at, settings.axis)}</span>
      <span class="row chart-exports">
        <ExportButton kind="png" label={l10n.t('Export as PNG')} onExport={onExport} />
        <ExportButton kind="svg" label={l10n.t('Export as SVG')} onExport={onExport} />
        <ExportButton kind="csv" label={l10n.t('Export as CSV')} onExport={onExport} />
      </span>
    </div>
  );
}

function Toggle({ title, text, isOn, onToggle }: { title: string; text: string; isOn: boolean; onToggle: (isOn: boolean) => void }) {
  return <button type="button" class="toggle" title={title} aria-pressed={isOn} onClick={() => onToggle(!isOn)}>{text}</button>;
}

function ExportButton({ kind, label, onExport }: { kind: ExportKind; label: string; onExport: (kind: ExportKind) => void }) {
  return <button type="button" class="toggle" title={label} aria-label={label} onClick={() => onExport(kind)}>{kind.toUpperCase()}</button>;
}
