/** Numbers of charts: values by the chart's style, places on the x axis by its unit. */
import { formatBytes, formatCount, formatDuration, formatLearningRate, formatLoss } from '../ui/format';
import { l10n } from '../ui/l10n';
import type { AxisUnit } from './axis';
import type { NumberStyle } from './chartList';

export function formatValue(value: number, style: NumberStyle): string {
  switch (style) {
    case 'plain': return formatLoss(value);
    case 'rate': return formatLearningRate(value);
    case 'bytes': return formatBytes(value);
    case 'count': return formatCount(Math.round(value));
  }
}

/** "step 120", "epoch 1.5", "3 min 20 s". */
export function formatPlace(x: number, unit: AxisUnit): string {
  switch (unit) {
    case 'step': return l10n.t('Step {0}', formatCount(Math.round(x)));
    case 'epoch': return l10n.t('Epoch {0}', shortNumber(x));
    case 'time': return formatDuration(x);
  }
}

/** At the axis, where there is little room. */
export function formatTick(x: number, unit: AxisUnit): string {
  switch (unit) {
    case 'step': return formatCount(x);
    case 'epoch': return shortNumber(x);
    case 'time': return x < 120 ? `${shortNumber(x)} s` : x < 7200 ? `${shortNumber(x / 60)} min` : `${shortNumber(x / 3600)} h`;
  }
}

export function axisLabel(unit: AxisUnit): string {
  switch (unit) {
    case 'step': return l10n.t('Step');
    case 'epoch': return l10n.t('Epoch');
    case 'time': return l10n.t('Training time');
  }
}

function shortNumber(value: number): string {
  return String(Number(value.toPrecision(4)));
}
