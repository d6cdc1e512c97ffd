/** The run view's page: every state a run can be in, its charts by mouse and keyboard, and texts that mean harm. */
import { strict as assert } from 'node:assert';
import type { RunChange, RunState } from '../../src/shared/panels/run';
import type { Problem } from '../../src/shared/problem';
import { closeViews, openView, THEMES, type FakeHost, type OpenedView, type ViewSetting } from './harness';
import { HOSTILE_TEXT, RECIPE_ROWS, runOf, seriesOf, type MadeRun } from './support/runs';

const done = (): null => null;
const HOST: FakeHost = {
  stop: done, resume: done, chat: done, openFolder: done, showLog: done, compare: done, openPlace: done, series: () => ({}), savePicture: () => true, saveValues: () => true,
};
const stateOf = (made: MadeRun = {}, rest: Partial<RunState> = {}): RunState => ({ run: runOf(made), recipe: RECIPE_ROWS, isReconnecting: false, ...rest });
const QUIET = { job: { status: 'completed', message: null, current_step: 120, total_steps: 120, seconds_left: null, progress: 1 } } as const;

describe('the run view', () => {
  let view: OpenedView;
  const open = async (state: RunState | undefined, setting: ViewSetting = {}): Promise<void> => {
    view = await openView('run', { state, host: HOST, ...setting });
    if (state?.run) await view.page.getByRole('heading', { level: 1 }).waitFor();
  };
  const change = (increment: RunChange): Promise<void> => view.send({ type: 'increment', increment });
  const button = (name: string) => view.page.getByRole('button', { name, exact: true });
  /** The element around a button, which carries its title. */
  const host = (name: string) => view.page.locator('vscode-button', { hasText: name });
  const tab = (name: RegExp): Promise<void> => view.page.getByRole('tab', { name }).click();
  const text = (wanted: string | RegExp): Promise<void> => view.page.getByText(wanted).first().waitFor();
  /** Asked since the view was opened. */
  const asked = (): unknown[] => view.requests.map(({ method, params }) => [method, params]);
  afterEach(async () => {
    assert.deepEqual(view.crashes, []);
    await view.close();
  });
  after(closeViews);

  describe('says how the run stands', () => {
    it('before anything is known, and when it is gone', async () => {
      await open(undefined);
      await text('Opening the run');
      await view.send({ type: 'snapshot', state: stateOf({}, { run: null }) });
      await text('This run is no longer there. It was deleted, or its folder was moved.');
    });

    it('queued: its place, and nothing to draw yet', async () => {
      await open(stateOf({ job: { status: 'queued', queue_place: 3 }, rest: { series: {}, samples: [], checkpoints: [], log: [] } }));
      await text('Number 3 in the queue');
      await text('Curves begin with the first step');
      await button('Stop').click();
      assert.deepEqual(asked(), [['stop', {}]]);
    });

    it('preparing: the phase that is under way, with its progress', async () => {
      await open(stateOf({ job: { status: 'loading_model', message: 'Decoding tensor 12 of 290.', progress: 0.04, current_step: null, loss: null }, rest: { series: {} } }));
      await text('Decoding tensor 12 of 290.');
      assert.equal(await view.page.locator('.phases [aria-current=step]').innerText().then(shown => shown.trim()), 'Loading the model');
      assert.equal(await view.page.getByRole('progressbar', { name: 'Progress' }).getAttribute('value'), '0.04');
    });

    it('training: step, epoch, loss, time left as an estimate', async () => {
      await open(stateOf({ job: { loss: 1.83249, epoch: 0.6, current_step: 1200, total_steps: 4000, seconds_left: 200 } }));
      await text('Step 1,200 of 4,000 · epoch 0.6 · loss 1.832');
      await text(/≈ 3 min 20 s left/);
    });

    it('a stop that was asked for cannot be asked for again', async () => {
      await open(stateOf({ job: { stop_requested: true } }));
      assert.equal(await button('Stop').isDisabled(), true);
      assert.equal(await host('Stop').getAttribute('title'), 'The run has been asked to stop');
    });

    it('silent: for how long, and reconnecting', async () => {
      await open(stateOf({ job: { updated_at: new Date(Date.now() - 200_000).toISOString() } }));
      await text(/No news from the trainer for 3 min/);
      await change({ isReconnecting: true });
      await text('The run cannot be read at the moment.');
    });

    it('failed: why, what to do, and the last lines of the log', async () => {
      const problem = { id: 'training/nan', severity: 'error', text: 'The loss is no number at step 37.', fix: { text: 'Lower the learning rate.' }, where: { file: '/data/train.jsonl', line: 12 } } as const;
      await open(stateOf({ job: { status: 'failed', error: 'x' }, rest: { problems: [{ time: '2026-01-10T10:20:00.000Z', problem }] } }));
      await text('The loss is no number at step 37. Lower the learning rate.');
      await text('Step 40 took 9 s, 4 times as long as those before.');
      await view.page.getByRole('region', { name: 'Why it failed' }).getByRole('button', { name: 'Open' }).click();
      await button('Resume').click();
      assert.deepEqual(asked(), [['openPlace', { file: '/data/train.jsonl', line: 12 }], ['resume', {}]]);
    });

    it('failed without a Problem: what is known', async () => {
      await open(stateOf({ job: { status: 'failed', error: 'Killed by the system: out of memory.' } }));
      await text('Killed by the system: out of memory.');
    });

    it('stopped: from where it can go on', async () => {
      await open(stateOf({ job: { status: 'stopped' } }));
      await text('Stopped. It can go on from step 100.');
    });

    it('completed: its figures, and chat first', async () => {
      await open(stateOf({ job: { ...QUIET.job, metrics: { eval_loss: 1.41234 } } }));
      await text('1.412');
      assert.equal(await host('Chat').getAttribute('appearance'), 'primary');
      assert.equal(await button('Resume').count(), 0);
      await button('Chat').click();
      for (const name of ['Compare with other runs', 'Show the log', 'Open the run folder']) await button(name).click();
      assert.deepEqual(asked().map(one => (one as unknown[])[0]), ['chat', 'compare', 'showLog', 'openFolder']);
    });

    it('what a button could not do is said', async () => {
      await open(stateOf(), { host: { ...HOST, stop: () => { throw new Error('The job is gone.'); } } });
      await button('Stop').click();
      await text('The job is gone.');
    });
  });

  describe('the moment it is done', () => {
    const complete = async (setting: ViewSetting = {}): Promise<number> => {
      await open(stateOf(), setting);
      await view.page.locator('.chart canvas').first().waitFor();
      await view.page.evaluate(() => {
        new MutationObserver(() => { if (document.querySelector('.shimmer')) document.body.dataset.shimmered = 'yes'; }).observe(document.body, { subtree: true, childList: true });
      });
      await change({ run: { job: runOf(QUIET).job } });
      await text('Completed');
      await view.page.waitForTimeout(300);
      return view.page.locator('body[data-shimmered]').count();
    };

    it('shimmers, once', async () => {
      assert.equal(await complete(), 1);
      await view.page.locator('.shimmer').waitFor({ state: 'detached' });
    });

    it('not in plain words', async () => assert.equal(await complete({ boot: { isMagical: false } }), 0));

    it('not for one that had completed before', async () => {
      await open(stateOf(QUIET));
      await text('Completed');
      assert.equal(await view.page.locator('.shimmer').count(), 0);
    });
  });

  describe('charts', () => {
    const legend = (chart: string) => view.page.getByRole('figure', { name: chart, exact: true }).locator('.chart-legend');
    const cursor = (chart: string) => view.page.getByRole('slider', { name: `${chart}: place of the cursor`, exact: true });

    it('are those that the run has figures for', async () => {
      await open(stateOf());
      assert.deepEqual(await view.page.locator('.chart figcaption').allInnerTexts(), [
        'Loss', 'Rewards', 'Reward margin', 'Reward accuracy', 'Learning rate', 'Gradient norm', 'Tokens per second', 'Memory', 'logps',
      ]);
      await change({ run: { series: { kl: { steps: [121], values: [0.5] } } } });
      await view.page.getByRole('figure', { name: 'kl' }).waitFor();
    });

    it('grow while the run goes on', async () => {
      await open(stateOf());
      await change({ run: { series: { loss: { steps: [121], values: [0.1234] } } } });
      await legend('Loss').getByText('0.1234').waitFor();
    });

    it('go back where the run goes back', async () => {
      await open(stateOf());
      await change({ run: { cut_after_step: 100, series: { loss: { steps: [101], values: [7.5] } } } });
      await legend('Loss').getByText('7.5').waitFor();
      assert.match((await cursor('Loss').getAttribute('aria-valuetext'))!, /^Step 101: Training 7.5/);
    });

    it('share one cursor, by keyboard too; the legends have the values there', async () => {
      await open(stateOf());
      await cursor('Loss').focus();
      await view.page.keyboard.press('Home');
      const { loss, grad_norm: norm } = seriesOf(120);
      const four = (value: number | null | undefined): string => String(Number(value!.toPrecision(4)));
      await legend('Loss').getByText(four(loss!.values[0])).first().waitFor();
      await legend('Gradient norm').getByText(four(norm!.values[0])).first().waitFor();
      await view.page.keyboard.press('ArrowRight');
      assert.match((await cursor('Gradient norm').getAttribute('aria-valuetext'))!, /^Step 2: /);
    });

    it('are zoomed by dragging, all together, and shown whole again', async () => {
      await open(stateOf());
      const plot = view.page.locator('.chart .u-over').first();
      await plot.hover(); // waits until the layout is at rest
      const box = (await plot.boundingBox())!;
      await view.page.mouse.move(box.x + box.width * 0.25, box.y + 50);
      await view.page.mouse.down();
      await view.page.mouse.move(box.x + box.width * 0.75, box.y + 60, { steps: 5 });
      await view.page.mouse.up();
      // Each chart tells its range by a timer of its own.
      await view.page.waitForFunction(() => [...document.querySelectorAll('.chart-place')].every(place => place.getAttribute('aria-valuemax') !== '120'));
      const [low, high] = [Number(await cursor('Memory').getAttribute('aria-valuemin')), Number(await cursor('Memory').getAttribute('aria-valuemax'))];
      assert.ok(Math.abs(low - 30.75) < 2 && Math.abs(high - 90.25) < 2, `${low} … ${high}`);
      await button('Show the whole range').click();
      await view.page.waitForFunction(() => document.querySelector('.chart-place')!.getAttribute('aria-valuemax') === '120');
    });

    it('are moved with the overview, by mouse and by keyboard', async () => {
      await open(stateOf());
      const window = view.page.getByRole('slider', { name: 'Range in sight' });
      await window.focus();
      await view.page.keyboard.press('+');
      const text = await window.getAttribute('aria-valuetext');
      await view.page.keyboard.press('ArrowRight');
      assert.notEqual(await window.getAttribute('aria-valuetext'), text);
      const box = (await window.boundingBox())!;
      await view.page.mouse.move(box.x + box.width / 2, box.y + 20);
      await view.page.mouse.down();
      await view.page.mouse.move(0, box.y + 20, { steps: 4 });
      await view.page.mouse.up();
      assert.match((await window.getAttribute('aria-valuetext'))!, /^Step 1 to/);
    });

    it('ask for what the snapshot has not, once the range is at rest', async () => {
      const whole = seriesOf(20_000).loss!;
      const every = (_: unknown, i: number): boolean => i % 37 < 2;
      const thin = { steps: whole.steps.filter(every), values: whole.values.filter(every) };
      await open(stateOf({ rest: { series: { loss: thin } } }), { host: { ...HOST, series: ({ fromStep, toStep }: { fromStep: number; toStep: number }) => ({ loss: { steps: whole.steps.slice(fromStep - 1, toStep), values: whole.values.slice(fromStep - 1, toStep) } }) } });
      await cursor('Loss').focus();
      for (let i = 0; i < 30; i++) await view.page.keyboard.press('+');
      await view.page.waitForTimeout(400);
      const parts = view.requests.filter(({ method }) => method === 'series').map(({ params }) => params as { fromStep: number; toStep: number; maxPoints: number });
      assert.equal(parts.length, 1);
      assert.ok(parts[0]!.fromStep > 19_000 && parts[0]!.maxPoints === 8192);
      assert.match((await view.page.locator('.chart caption').first().innerText()), /All values in sight|places in sight/);
      await view.page.keyboard.press('ArrowLeft');
      await view.page.keyboard.press('ArrowLeft');
      const places = await cursor('Loss').getAttribute('aria-valuetext');
      assert.match(places!, /^Step 19,9\d\d: /);
    });

    it('leave outliers out when they are told to, and say so', async () => {
      await open(stateOf({ steps: 400 }));
      await button('Clip').click();
      await view.page.getByRole('figure', { name: 'Loss', exact: true }).getByText(/points are outside of the axis/).waitFor();
    });

    it('over epochs and time, and on a logarithmic axis where they can be', async () => {
      await open(stateOf());
      await button('Log').click();
      await view.page.getByRole('figure', { name: 'Rewards', exact: true }).getByText('Linear: there are values of 0 or less').waitFor();
      await view.page.getByRole('combobox', { name: 'Horizontal axis' }).click();
      await view.page.getByRole('option', { name: 'Training time' }).click();
      await view.page.waitForFunction(() => /^\d min/.test(document.querySelector('.chart-place')!.getAttribute('aria-valuetext')!));
    });

    it('are a table as well, for those who do not see them', async () => {
      await open(stateOf());
      const table = view.page.getByRole('region', { name: 'Loss: values' });
      const rows = await table.locator('tbody tr').count();
      assert.ok(rows > 10 && rows <= 25);
      assert.deepEqual(await table.locator('thead th').allTextContents(), ['Step', 'Training', 'Training, smoothed', 'Evaluation']);
      assert.ok((await table.boundingBox())!.height < 5, 'read out, not seen');
      await button('Values').click();
      await view.page.waitForFunction(() => document.querySelector('.chart-table')!.clientHeight > 100);
    });

    it('are saved as pictures and as values', async () => {
      await open(stateOf());
      await button('Export as SVG').click();
      await button('Export as PNG').click();
      await button('Export as CSV').click();
      await view.page.waitForFunction(() => true);
      await assertEventually(() => view.requests.length === 3);
      const saved = Object.fromEntries(view.requests.map(({ method, params }) => [(params as { kind?: string }).kind ?? method, params as { content: string }]));
      assert.match(saved.svg!.content, /^<svg xmlns.*<path d="M/s);
      assert.equal(Buffer.from(saved.png!.content, 'base64').subarray(1, 4).toString(), 'PNG');
      assert.ok(Buffer.from(saved.png!.content, 'base64').length > 20_000);
      assert.deepEqual(saved.saveValues, {});
    });

    it('what was chosen is kept', async () => {
      await open(stateOf());
      await button('Log').click();
      await tab(/Recipe/);
      const kept = await view.page.evaluate(() => (globalThis as unknown as { acquireVsCodeApi(): { getState(): { saved: { settings: { isLog: boolean }; tab: string } } } }).acquireVsCodeApi().getState().saved);
      assert.deepEqual([kept.settings.isLog, kept.tab], [true, 'recipe']);
    });
  });

  describe('below', () => {
    it('samples: before training beside now, at any step', async () => {
      await open(stateOf());
      await text('I am a helpful AI assistant.');
      await text(/apprentice at step 100/);
      await view.page.getByRole('slider', { name: 'Answers at' }).press('ArrowLeft');
      await text(/apprentice at step 60/);
    });

    it('problems and log', async () => {
      await open(stateOf());
      await tab(/Problems and log/);
      await text('No problems');
      await change({ run: { log: [{ time: '2026-01-10T10:30:00.000Z', level: 'info', text: 'Saved step 120.' }] } });
      await text('Saved step 120.');
    });

    it('recipe: what differs from the defaults, the rest folded', async () => {
      await open(stateOf());
      await tab(/Recipe/);
      assert.deepEqual(await view.page.locator('.panel > .table-place tbody th').allInnerTexts(), ['output_name', 'learning_rate', 'lora_r']);
      await view.page.getByText('2 keys are at their defaults').click();
      await text('sha256:90ab12', );
    });

    it('checkpoints: going on from one of them, where that is possible', async () => {
      await open(stateOf({ job: { status: 'stopped' } }));
      await tab(/Checkpoints/);
      await text('59.4 MB');
      await button('Resume from step 50').click();
      assert.deepEqual(asked(), [['resume', { from: 50 }]]);
      await change({ run: { job: runOf().job } });
      await view.page.waitForFunction(() => document.querySelector('.panel vscode-button')!.getAttribute('title') === 'The run has not ended');
      assert.equal(await button('Resume from step 50').isDisabled(), true);
    });
  });

  it('shows hostile text as text, wherever it comes from', async () => {
    const problem: Problem = { id: 'x', severity: 'error', text: HOSTILE_TEXT, notes: [HOSTILE_TEXT] };
    await open({
      run: runOf({
        job: { name: HOSTILE_TEXT, message: HOSTILE_TEXT, base_model: HOSTILE_TEXT, status: 'failed' },
        rest: {
          series: { ...seriesOf(20), [HOSTILE_TEXT]: { steps: [1, 2], values: [1, 2] } },
          samples: [{ step: 0, model: 'base', samples: [{ prompt: HOSTILE_TEXT, text: HOSTILE_TEXT }] }, { step: 5, model: 'current', samples: [{ prompt: HOSTILE_TEXT, text: HOSTILE_TEXT }] }],
          problems: [{ time: '2026-01-10T10:20:00.000Z', problem }], log: [{ time: '2026-01-10T10:20:00.000Z', level: 'error', text: HOSTILE_TEXT }],
        },
      }),
      recipe: [{ key: HOSTILE_TEXT, title: HOSTILE_TEXT, default: null, values: [HOSTILE_TEXT] }], isReconnecting: false,
    });
    for (const name of [/Samples/, /Problems/, /Recipe/, /Checkpoints/]) {
      await tab(name);
      assert.equal(await view.page.locator('#merlina img, #merlina script').count(), 0);
      const shown = await view.page.locator('#merlina').innerText();
      assert.ok(!/[\x1b\u202e]/.test(shown), 'a character that acts was shown');
    }
    await text(/<img src=x onerror=alert\(1\)>/);
  });

  for (const theme of THEMES) {
    it(`can be read and reached by everybody, ${theme}`, async () => {
      const problem = { id: 'x', severity: 'warning', text: 'Rows were cut.', fix: { text: 'Raise max_length.' } } as const;
      await open(stateOf({ steps: 400, rest: { problems: [{ time: '2026-01-10T10:20:00.000Z', problem }] } }), { theme, height: 1400 });
      await view.page.waitForTimeout(200);
      await view.screenshot(`run-${theme}`);
      const faults = await view.accessibilityFaults();
      for (const name of [/Problems/, /Recipe/, /Checkpoints/]) {
        await tab(name);
        faults.push(...await view.accessibilityFaults());
      }
      await view.send({ type: 'snapshot', state: stateOf({ job: { status: 'failed', error: 'Out of memory.' } }) });
      faults.push(...await view.accessibilityFaults());
      assert.deepEqual(faults, []);
    });
  }

  it('fits into a narrow column', async () => {
    await open(stateOf(), { width: 320 });
    await view.page.waitForTimeout(200);
    await view.screenshot('run-narrow');
    const widest = await view.page.evaluate(() => document.documentElement.scrollWidth);
    assert.ok(widest <= 320, `${widest} px wide`);
  });

  it('every button and slider can be reached with Tab, and has a name', async () => {
    await open(stateOf());
    const reached = new Set<string>();
    for (let i = 0; i < 40; i++) {
      await view.page.keyboard.press('Tab');
      reached.add(await view.page.evaluate(() => (one => one.getAttribute('aria-label') ?? (one as HTMLInputElement).labels?.[0]?.textContent ?? one.textContent ?? '')(document.activeElement!)));
    }
    for (const name of ['Stop', 'Chat', 'Export as SVG', 'Range in sight', 'Loss: place of the cursor', 'Samples']) assert.ok(reached.has(name), `${name} of ${[...reached].join(', ')}`);
    assert.ok(!reached.has(''), 'something without a name');
  });
});

async function assertEventually(isTrue: () => boolean): Promise<void> {
  for (let i = 0; i < 100 && !isTrue(); i++) await new Promise(resolve => setTimeout(resolve, 50));
  assert.ok(isTrue());
}
