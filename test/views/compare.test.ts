/** The page of Compare: runs as colours, what their recipes do not share, who is best, and who answers what. */
import { strict as assert } from 'node:assert';
import type { CompareState } from '../../src/shared/panels/compare';
import { closeViews, openView, THEMES, type FakeHost, type OpenedView, type ViewSetting } from './harness';
import { HOSTILE_TEXT, runOf, seriesOf } from './support/runs';

const done = (): null => null;
const HOST: FakeHost = { chooseRuns: done, removeRun: done, openRun: done, series: () => ({}), savePicture: () => true, saveValues: () => true };

const FIRST = runOf({ steps: 200, seed: 1, job: { name: 'rank 16', status: 'completed', metrics: { eval_loss: 1.51, 'rewards/accuracies': 0.91 } } });
const SECOND = runOf({ steps: 120, seed: 2, job: { name: 'rank 64', metrics: null } });
const RECIPE = [
  { key: 'lora_r', title: 'LoRA rank', default: '64', values: ['16', '64'] },
  { key: 'beta', title: 'Beta', default: '0.1', values: ['0.1', '0.1'] },
];
const TWO: CompareState = { runs: [FIRST, SECOND], recipe: RECIPE };

describe('Compare', () => {
  let view: OpenedView;
  const open = async (state: CompareState | undefined, setting: ViewSetting = {}): Promise<void> => {
    view = await openView('compare', { state, host: HOST, ...setting });
    if (state) await view.page.getByRole('heading', { level: 1 }).waitFor();
  };
  const text = (wanted: string | RegExp): Promise<void> => view.page.getByText(wanted).first().waitFor();
  const tab = (name: string): Promise<void> => view.page.getByRole('tab', { name }).click();
  const button = (name: string) => view.page.getByRole('button', { name, exact: true });
  afterEach(async () => {
    assert.deepEqual(view.crashes, []);
    await view.close();
  });
  after(closeViews);

  it('says that it opens, and offers to choose where no run is left', async () => {
    await open(undefined);
    await text('Opening the runs');
    await view.send({ type: 'snapshot', state: { runs: [], recipe: [] } });
    await text('No run is chosen.');
    await button('Choose runs').click();
    assert.deepEqual(view.requests, [{ method: 'chooseRuns', params: {} }]);
  });

  it('lays the same metric of all runs over one another, each metric in a chart of its own', async () => {
    await open(TWO);
    assert.deepEqual(await view.page.locator('.chart figcaption').allInnerTexts(), [
      'Loss', 'Reward of chosen', 'Reward of rejected', 'Reward margin', 'Reward accuracy', 'Learning rate', 'Gradient norm', 'Tokens per second', 'Memory', 'Peak memory',
      'logps/chosen', 'logps/rejected',
    ]);
    const names = await view.page.getByRole('figure', { name: 'Gradient norm' }).locator('.chart-name').allInnerTexts();
    assert.deepEqual(names, ['rank 16', 'rank 64']);
  });

  it('tells runs apart by dash, not by colour alone', async () => {
    await open(TWO);
    const looks = await view.page.locator('.run-list .swatch line').evaluateAll(lines => lines.map(line => [line.getAttribute('stroke'), line.getAttribute('stroke-dasharray')]));
    assert.equal(new Set(looks.map(([color]) => color)).size, 2);
    assert.equal(new Set(looks.map(([, dash]) => dash)).size, 2);
  });

  it('moves on while a run goes on', async () => {
    await open(TWO);
    await view.send({ type: 'increment', increment: { jobId: SECOND.job.job_id, run: { job: { ...SECOND.job, loss: 0.777 }, series: { loss: { steps: [121], values: [0.777] } } } } });
    await view.page.locator('.run-list').getByText('loss 0.777').waitFor();
    await view.page.getByRole('figure', { name: 'Loss' }).getByText(/^0\.777/).waitFor();
  });

  it('shows of the recipes what differs, and nothing else', async () => {
    await open(TWO);
    assert.deepEqual(await view.page.locator('.panel tbody tr').allInnerTexts().then(rows => rows.map(row => row.split(/\s+/))), [['lora_r', '16', '64']]);
    await view.send({ type: 'snapshot', state: { ...TWO, recipe: RECIPE.slice(1) } });
    await text('The recipes are the same');
  });

  it('marks the best of the final figures, in words too', async () => {
    await open(TWO);
    await tab('Final figures');
    const row = view.page.locator('.panel tbody tr').first();
    assert.match((await row.innerText()).replaceAll(/\s+/g, ' '), /^eval_loss 1\.51 best 1\.\d+$/);
    assert.equal(await row.locator('.is-best').count(), 1);
  });

  it('has the newest answers beside one another', async () => {
    await open(TWO);
    await tab('Samples');
    assert.deepEqual(await view.page.locator('.answers').first().locator('h4').allInnerTexts(), ['rank 16 at step 100', 'rank 64 at step 100']);
    assert.equal(await view.page.locator('.answer').count(), 4);
  });

  it('opens and removes runs', async () => {
    await open(TWO);
    await view.page.locator('.run-list').getByRole('button', { name: 'Open run' }).nth(1).click();
    await button('Remove rank 16 from the comparison').click();
    assert.deepEqual(view.requests, [{ method: 'openRun', params: { jobId: SECOND.job.job_id } }, { method: 'removeRun', params: { jobId: FIRST.job.job_id } }]);
  });

  it('keeps which runs it shows, for after a reload', async () => {
    await open(TWO);
    await view.send({ type: 'snapshot', state: { runs: [SECOND], recipe: [] } });
    await text('One run alone differs from nothing');
    const kept = await view.page.evaluate(() => (globalThis as unknown as { acquireVsCodeApi(): { getState(): { saved: { job_ids: string[] } } } }).acquireVsCodeApi().getState().saved.job_ids);
    assert.deepEqual(kept, [SECOND.job.job_id]);
  });

  it('shows hostile text as text', async () => {
    const hostile = runOf({ job: { name: HOSTILE_TEXT }, rest: { series: { ...seriesOf(20), [HOSTILE_TEXT]: { steps: [1], values: [1] } }, samples: [{ step: 1, model: 'current', samples: [{ prompt: HOSTILE_TEXT, text: HOSTILE_TEXT }] }] } });
    await open({ runs: [hostile, SECOND], recipe: [{ key: HOSTILE_TEXT, title: HOSTILE_TEXT, default: null, values: [HOSTILE_TEXT, null] }] });
    for (const name of ['Recipe differences', 'Final figures', 'Samples']) {
      await tab(name);
      assert.equal(await view.page.locator('#merlina img, #merlina script').count(), 0);
      assert.ok(!/[\x1b\u202e]/.test(await view.page.locator('#merlina').innerText()), 'a character that acts was shown');
    }
  });

  for (const theme of THEMES) {
    it(`can be read and reached by everybody, ${theme}`, async () => {
      await open(TWO, { theme, height: 1400 });
      await view.page.waitForTimeout(200);
      await view.screenshot(`compare-${theme}`);
      const faults = await view.accessibilityFaults();
      for (const name of ['Final figures', 'Samples']) {
        await tab(name);
        faults.push(...await view.accessibilityFaults());
      }
      assert.deepEqual(faults, []);
    });
  }

  it('fits into a narrow column', async () => {
    await open(TWO, { width: 320 });
    const widest = await view.page.evaluate(() => document.documentElement.scrollWidth);
    assert.ok(widest <= 320, `${widest} px wide`);
  });
});
