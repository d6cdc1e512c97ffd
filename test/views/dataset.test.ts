/** The dataset preview's page: every state, every tab, by mouse and by keyboard, with data that means harm. */
import { strict as assert } from 'node:assert';
import { datasetState, HOSTILE, pageOf, statisticsOf } from './datasetHost';
import { closeViews, openView, THEMES, type FakeHost, type OpenedView } from './harness';

const HOST: FakeHost = {
  page: pageOf,
  statistics: () => statisticsOf('done'),
  find: ({ filter, from }: { filter: string; from: number }) => (filter === 'problem' ? (from < 12 ? 12 : null) : 2_999_999),
  configure: () => null, chooseModel: () => null, openText: () => null, train: () => null,
};

describe('the dataset preview', () => {
  let view: OpenedView;
  afterEach(async () => {
    assert.deepEqual(view.crashes, []);
    await view.close();
  });
  after(closeViews);

  const tab = (name: string): Promise<void> => view.page.getByRole('tab', { name }).click();

  it('says that it opens, then what it found', async () => {
    view = await openView('dataset', { host: HOST });
    await view.page.getByText('Opening the dataset').waitFor();
    await view.send({ type: 'snapshot', state: datasetState() });
    await view.page.getByText('Preference pairs (fits 98 % of the rows looked at) · 3,000,000 rows · jsonl · 1.2 MB · 1 problems').waitFor();
  });

  it('shows what kept it from opening, and nothing else', async () => {
    const problem = { id: 'dataset/binary', severity: 'error', text: 'The file is no text.', where: { file: '/data/x.jsonl' }, fix: { text: 'Choose another.' } } as const;
    const { source: _source, ...closed } = datasetState({ problems: [problem] });
    view = await openView('dataset', { state: closed, host: HOST });
    await view.page.getByText('The file is no text. Choose another.').waitFor();
    assert.equal(await view.page.getByRole('tab').count(), 0);
    await view.page.getByRole('button', { name: 'Open' }).click();
    assert.deepEqual(view.requests, [{ method: 'openText', params: { file: '/data/x.jsonl' } }]);
  });

  it('has only the rows in the page that can be seen, and reaches row 2,999,999 at once', async () => {
    view = await openView('dataset', { state: datasetState(), host: HOST });
    const lines = view.page.locator('.line:not(.head)');
    await view.page.getByText('Question 5: what follows?').waitFor();
    assert.ok(await lines.count() < 60, `${await lines.count()} lines`);
    await view.page.locator('.scroller').focus();
    await view.page.keyboard.press('End');
    await view.page.locator('.line', { hasText: 'Question 2999999:' }).waitFor();
    await view.page.keyboard.press('ArrowUp');
    await view.page.getByRole('heading', { name: 'Row 2,999,998 · line 2,999,999' }).waitFor();
    await view.page.keyboard.press('Home');
    await view.page.locator('.line', { hasText: 'Question 0:' }).waitFor();
  });

  it('goes to rows by number and by kind', async () => {
    view = await openView('dataset', { state: datasetState(), host: HOST });
    const row = view.page.locator('.row-number input');
    await row.fill('123456');
    await row.press('Enter');
    await view.page.locator('.line.is-chosen', { hasText: 'Question 123456:' }).waitFor();
    await row.fill('0');
    await row.press('Enter');
    await view.page.getByRole('button', { name: 'Next problem' }).click();
    await view.page.getByRole('heading', { name: /^Row 12 / }).waitFor();
    await view.page.locator('.detail', { hasText: 'The chosen answer is empty.' }).waitFor();
    await view.page.getByRole('button', { name: 'Next problem' }).click();
    await view.page.getByText('No further row has a problem.').waitFor();
  });

  it('asks for its rows again when the file was opened anew', async () => {
    view = await openView('dataset', { state: datasetState(), host: HOST });
    await view.page.getByText('Question 5: what follows?').waitFor();
    const asked = (): number => view.requests.filter(({ method }) => method === 'page').length;
    const before = asked();
    await view.send({ type: 'snapshot', state: datasetState() });
    await view.page.waitForTimeout(300);
    assert.equal(asked(), before);
    await view.send({ type: 'snapshot', state: datasetState({ opened: 2 }) });
    for (let waited = 0; waited < 5000 && asked() === before; waited += 50) await view.page.waitForTimeout(50);
    assert.equal(asked(), before + 1);
  });

  it('maps a column by its dropdown', async () => {
    view = await openView('dataset', { state: datasetState(), host: HOST });
    await view.page.getByLabel('score is read as').click();
    await view.page.getByRole('option', { name: 'reasoning' }).last().click();
    assert.deepEqual(view.requests.filter(({ method }) => method === 'configure'), [{ method: 'configure', params: { map: { column: 'score', role: 'reasoning' } } }]);
  });

  it('changes a length with Enter, and refuses what is none', async () => {
    view = await openView('dataset', { state: datasetState(), host: HOST });
    const field = view.page.locator('.length input').first();
    await field.fill('zero');
    await field.press('Enter');
    await view.page.locator('.length .is-invalid').waitFor();
    await field.fill('64');
    await field.press('Enter');
    await view.page.locator('.length .is-invalid').waitFor({ state: 'detached' });
    assert.deepEqual(view.requests.filter(({ method }) => method === 'configure').map(({ params }) => params), [{ maxLength: 64 }]);
  });

  it('shows tokens with what becomes of them, and warns of a missing stop token and a second BOS', async () => {
    view = await openView('dataset', { state: datasetState(), host: HOST });
    await tab('Tokens');
    await view.page.getByText('6 prompt · 4 response · 4 trained · 1 cut · stop token <|im_end|> · BOS 1×').waitFor();
    await view.page.getByText('No stop token ends the response: the model may not learn to stop.').waitFor();
    await view.page.getByText('BOS stands 2 times').waitFor();
    const tokens = view.page.locator('.tokens').first();
    assert.equal(await tokens.locator('.is-trained').count(), 4);
    assert.deepEqual(await tokens.locator('.is-cut').allTextContents(), ['user']);
    await tokens.focus();
    await view.page.keyboard.press('ArrowRight');
    await view.page.getByText('id 204 "<|im_start|>" prompt, not trained, special').waitFor();
  });

  it('asks for a model before it shows tokens', async () => {
    const state = datasetState();
    view = await openView('dataset', { state: { ...state, settings: { ...state.settings, model: null } }, host: HOST });
    await tab('Tokens');
    await view.page.getByRole('button', { name: 'Choose a model' }).click();
    assert.deepEqual(view.requests.map(({ method }) => method).filter(method => method !== 'page'), ['chooseModel']);
  });

  it('marks figures of a sample, and leads to the rows behind them', async () => {
    view = await openView('dataset', { state: datasetState(), host: { ...HOST, statistics: () => statisticsOf('sample') } });
    await tab('Statistics');
    await view.page.getByText('≈ 288').first().waitFor();
    await view.page.getByRole('button', { name: 'Show row 12' }).first().click();
    await view.page.getByRole('heading', { name: /^Row 12 / }).waitFor();
  });

  it('says what failed where it failed', async () => {
    view = await openView('dataset', { state: datasetState(), host: { ...HOST, statistics: () => { throw new Error('The file is gone.'); } } });
    await tab('Statistics');
    await view.page.getByText('The file is gone.').waitFor();
  });

  it('shows hostile data as text in every view', async () => {
    view = await openView('dataset', { state: datasetState({ title: HOSTILE }), host: HOST });
    const shown = '<img src=x onerror="window.hacked=1"></script><script>window.hacked=1</script>\\e[31mred\\u{202e}evil\\0';
    await view.page.locator('.row-number input').fill('3');
    await view.page.locator('.row-number input').press('Enter');
    await view.page.locator('.detail', { hasText: shown }).waitFor();
    await tab('Formatted');
    await view.page.locator('.part', { hasText: shown }).first().waitFor();
    assert.equal(await view.page.evaluate(() => (window as { hacked?: number }).hacked), undefined);
    assert.ok(!(await view.page.locator('#merlina').textContent())?.includes('\u202E'));
  });

  for (const theme of THEMES) {
    it(`has no serious accessibility fault in ${theme}`, async () => {
      view = await openView('dataset', { state: datasetState(), host: HOST, theme });
      const faults: string[] = [];
      for (const name of ['Rows', 'Formatted', 'Tokens', 'Statistics']) {
        await tab(name);
        await view.page.locator({ Rows: '.detail', Formatted: '.part', Tokens: '.token[data-token]', Statistics: '.histogram' }[name]!).first().waitFor();
        await view.screenshot(`dataset-${name.toLowerCase()}-${theme}`);
        faults.push(...(await view.accessibilityFaults()).map(fault => `${name}: ${fault}`));
      }
      assert.deepEqual(faults, []);
    });
  }

  it('fits a narrow column', async () => {
    view = await openView('dataset', { state: datasetState(), host: HOST, width: 320 });
    await view.page.locator('.detail').waitFor();
    await view.screenshot('dataset-narrow');
    assert.ok(await view.page.evaluate(() => document.documentElement.scrollWidth <= 320));
  });
});
