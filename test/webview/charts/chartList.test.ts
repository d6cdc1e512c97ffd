/** Which charts there are, and which values stand in their tables. */
import { strict as assert } from 'node:assert';
import { chartsOf } from '../../../webview/charts/chartList';
import { tableRows } from '../../../webview/charts/tableRows';
import { seriesOf } from '../../views/support/runs';

const l10n = { t: (text: string, ...values: (string | number)[]): string => text.replaceAll(/\{(\d+)\}/g, (_, i) => String(values[Number(i)])) };

describe('chartsOf', () => {
  it('of a preference run: loss first, then rewards, the training\'s own figures, and what else the method writes', () => {
    const charts = chartsOf(Object.keys(seriesOf(10)), l10n);
    assert.deepEqual(charts.map(({ title, lines }) => `${title}: ${lines.map(line => line.label).join(', ')}`), [
      'Loss: Training, Evaluation', 'Rewards: Chosen, Rejected', 'Reward margin: Reward margin, Evaluation', 'Reward accuracy: Reward accuracy',
      'Learning rate: Learning rate', 'Gradient norm: Gradient norm', 'Tokens per second: Tokens per second', 'Memory: Now, Peak', 'logps: Chosen, Rejected',
    ]);
  });

  it('of SFT: no rewards', () => {
    assert.deepEqual(chartsOf(['loss', 'learning_rate', 'epoch', 'step_seconds'], l10n).map(({ id }) => id), ['loss', 'learning_rate']);
  });

  it('of several runs: each metric has a chart of its own', () => {
    const charts = chartsOf(['rewards/chosen', 'rewards/rejected', 'memory_bytes', 'peak_memory_bytes'], l10n, { isOverlay: true });
    assert.deepEqual(charts.map(({ title }) => title), ['Reward of chosen', 'Reward of rejected', 'Memory', 'Peak memory']);
  });

  it('a metric that only evaluations have is drawn, as points', () => {
    assert.deepEqual(chartsOf(['eval_perplexity'], l10n), [
      { id: 'perplexity', title: 'perplexity', numbers: 'plain', lines: [{ metric: 'eval_perplexity', label: 'Evaluation', role: 'eval', isPoints: true, isSmoothed: false }] },
    ]);
  });
});

describe('tableRows', () => {
  const curve = (xs: number[]) => ({ xs: Float64Array.from(xs), ys: Float64Array.from(xs, x => x * 2) });

  it('has every place in sight where they are few, with nothing where a curve has no point', () => {
    const { rows, skipped } = tableRows([{ raw: curve([1, 2, 3]), smoothed: undefined }, { raw: curve([2, 9]), smoothed: curve([2, 9]) }], { min: 1, max: 3 });
    assert.deepEqual([rows, skipped], [[{ x: 1, values: [2, undefined, undefined] }, { x: 2, values: [4, 4, 4] }, { x: 3, values: [6, undefined, undefined] }], 0]);
  });

  it('of many takes the first, the last and some between, and says how many it left out', () => {
    const { rows, skipped } = tableRows([{ raw: curve(Array.from({ length: 1000 }, (_, i) => i)), smoothed: undefined }], { min: 0, max: 999 });
    assert.deepEqual([rows.length, rows[0]!.x, rows.at(-1)!.x, skipped], [25, 0, 999, 975]);
  });
});
