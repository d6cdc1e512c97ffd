/** Which charts a run has: from the names of its metrics, in order of interest. */
import type { Translator } from '../../src/shared/statusLook';
import { visibleText } from '../../src/shared/visibleText';

/** How numbers of a chart are written. */
export type NumberStyle = 'plain' | 'rate' | 'bytes' | 'count';

/** What a line stands for; where there is one run, that says its colour. */
export type Role = 'train' | 'eval' | 'better' | 'worse' | 'rate';

export interface LineSpec {
  /** Of SeriesByName. */
  metric: string;
  label: string;
  role: Role;
  /** Evaluations are few: they are drawn as points, and never smoothed. */
  isPoints: boolean;
  isSmoothed: boolean;
}

export interface ChartSpec {
  id: string;
  title: string;
  numbers: NumberStyle;
  lines: LineSpec[];
}

/** The x axis is made of these, or the chart of another metric says the same. */
const NOT_CHARTED = new Set(['epoch', 'step_seconds']);
const EVAL = 'eval_';

/** `isOverlay`: the lines of several runs share a chart, so that what is chosen and what is rejected get charts of their own. */
export function chartsOf(names: readonly string[], l10n: Translator, { isOverlay = false } = {}): ChartSpec[] {
  const metrics = [...new Set(names.map(name => name.startsWith(EVAL) ? name.slice(EVAL.length) : name))].filter(name => !NOT_CHARTED.has(name));
  const has = new Set(names);
  const charts = new Map<string, ChartSpec>();
  for (const metric of inOrder(metrics)) {
    const id = isOverlay ? metric : chartIdOf(metric, has);
    const chart = charts.get(id) ?? { id, title: titleOf(id, l10n), numbers: numbersOf(metric), lines: [] };
    const role = roleOf(metric);
    const isSmoothed = role !== 'rate' && !id.includes('memory');
    const label = lineLabel(metric, id, l10n);
    if (has.has(metric)) chart.lines.push({ metric, label, role, isPoints: false, isSmoothed });
    const evaluation = `${EVAL}${metric}`;
    if (has.has(evaluation)) {
      const evalLabel = metric === id ? l10n.t('Evaluation') : l10n.t('{0}, evaluation', label);
      chart.lines.push({ metric: evaluation, label: evalLabel, role: role === 'train' ? 'eval' : role, isPoints: true, isSmoothed: false });
    }
    charts.set(id, chart);
  }
  return [...charts.values()];
}

const FIRST = ['loss', 'rewards/chosen', 'rewards/rejected', 'rewards/margins', 'rewards/accuracies'];
const LAST = ['learning_rate', 'grad_norm', 'tokens_per_second', 'memory_bytes', 'peak_memory_bytes'];

/** Loss, preferences, the method's other figures by name, then how the training goes. */
function inOrder(metrics: readonly string[]): string[] {
  const others = metrics.filter(name => !FIRST.includes(name) && !LAST.includes(name)).sort();
  return [...FIRST.filter(name => metrics.includes(name)), ...LAST.filter(name => metrics.includes(name)), ...others];
}

/** "rewards/chosen" and "rewards/rejected" share a chart "rewards"; both memories share one. */
function chartIdOf(metric: string, has: ReadonlySet<string>): string {
  if (metric === 'memory_bytes' || metric === 'peak_memory_bytes') return 'memory';
  const pair = /^(.+)\/(?:chosen|rejected)$/.exec(metric)?.[1];
  return pair !== undefined && (has.has(`${pair}/chosen`) || has.has(`${EVAL}${pair}/chosen`)) ? pair : metric;
}

function titleOf(id: string, l10n: Translator): string {
  switch (id) {
    case 'loss': return l10n.t('Loss');
    case 'rewards': return l10n.t('Rewards');
    case 'rewards/chosen': return l10n.t('Reward of chosen');
    case 'rewards/rejected': return l10n.t('Reward of rejected');
    case 'rewards/margins': return l10n.t('Reward margin');
    case 'rewards/accuracies': return l10n.t('Reward accuracy');
    case 'learning_rate': return l10n.t('Learning rate');
    case 'grad_norm': return l10n.t('Gradient norm');
    case 'tokens_per_second': return l10n.t('Tokens per second');
    case 'memory': return l10n.t('Memory');
    case 'memory_bytes': return l10n.t('Memory');
    case 'peak_memory_bytes': return l10n.t('Peak memory');
    // Figures of a method go by TRL's names, which are what papers and other tools call them.
    default: return visibleText(id);
  }
}

function lineLabel(metric: string, id: string, l10n: Translator): string {
  if (metric === 'loss') return l10n.t('Training');
  if (id === 'memory') return metric === 'memory_bytes' ? l10n.t('Now') : l10n.t('Peak');
  if (metric.endsWith('/chosen') && id !== metric) return l10n.t('Chosen');
  if (metric.endsWith('/rejected') && id !== metric) return l10n.t('Rejected');
  return titleOf(metric, l10n);
}

function roleOf(metric: string): Role {
  if (metric === 'learning_rate') return 'rate';
  if (metric.endsWith('/chosen')) return 'better';
  return metric.endsWith('/rejected') ? 'worse' : 'train';
}

function numbersOf(metric: string): NumberStyle {
  if (metric === 'learning_rate') return 'rate';
  if (metric.endsWith('_bytes')) return 'bytes';
  return metric === 'tokens_per_second' ? 'count' : 'plain';
}
