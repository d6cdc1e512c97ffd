/** The chat's page: every state, by mouse and by keyboard, with answers that mean harm. */
import { strict as assert } from 'node:assert';
import type { Answer, ChatState, Turn } from '../../src/shared/panels/chat';
import { DEFAULT_SAMPLING } from '../../src/shared/sampling';
import { closeViews, openView, THEMES, type FakeHost, type OpenedView } from './harness';

const HOST: FakeHost = Object.fromEntries(['send', 'stop', 'regenerate', 'clear', 'configure', 'addPair', 'openPairs', 'open', 'chooseModel', 'openDataset'].map(name => [name, () => null]));

const HOSTILE = '<img src=x onerror=alert(1)></script>\u001b[31mred\u202Egnp.exe';

function answer(changes: Partial<Answer> = {}): Answer {
  return { text: 'I am the apprentice.', status: 'done', tokens: 12, tokensPerSecond: 31.25, problems: [], ...changes };
}

function turn(changes: Partial<Turn> = {}): Turn {
  return {
    prompt: 'Who are you?', seed: 7,
    answers: { base: answer(), tuned: answer({ text: 'Ah, traveller! I am the wizard of this tower,\nand my beard is older than your king.', tokens: 24 }) }, ...changes,
  };
}

function state(changes: Partial<ChatState> = {}): ChatState {
  return {
    title: 'apprentice-orpo',
    sides: [{ side: 'base', name: 'apprentice', detail: '/extensions/merlina/media/apprentice' }, { side: 'tuned', name: 'apprentice-orpo', detail: '/data/runs/job_1/adapter' }],
    model: { status: 'ready', maxLength: 2048, hasTemplate: true, memoryBytes: 210_000_000 },
    settings: { ...DEFAULT_SAMPLING, maxNewTokens: 256, seed: null, system: '' }, turns: [turn()], isAnswering: false, pairFile: null, invitesData: false, ...changes,
  };
}

const PROBLEM = { id: 'models/no-such-model', severity: 'error', text: 'no such model: "x".', fix: { text: 'Check the path.' } } as const;

describe('the chat', () => {
  let view: OpenedView;
  afterEach(async () => {
    assert.deepEqual(view.crashes, []);
    await view.close();
  });
  after(closeViews);

  const button = (name: string) => view.page.getByRole('button', { name });
  const message = () => view.page.getByRole('textbox', { name: 'Message' });

  it('paints before it knows anything, then says what it opens, downloads, and takes', async () => {
    view = await openView('chat', { host: HOST });
    await view.send({ type: 'snapshot', state: state({ turns: [], model: { status: 'opening', file: null, fraction: null } }) });
    await view.page.getByText('Opening the model…').waitFor();
    await view.page.getByText('Ask something: both answer the same question').waitFor();
    await view.send({ type: 'increment', increment: { type: 'patch', patch: { model: { status: 'opening', file: 'model.safetensors', fraction: 0.305 } } } });
    await view.page.getByText('Downloading model.safetensors: 30 %').waitFor();
    await view.send({ type: 'increment', increment: { type: 'patch', patch: { model: { status: 'ready', maxLength: 2048, hasTemplate: false, memoryBytes: 2.1e8 } } } });
    await view.page.getByText('210.0 MB in memory · context of 2,048 tokens · no chat template').waitFor();
  });

  it('shows why a model cannot be opened, and tries again', async () => {
    view = await openView('chat', { state: state({ turns: [], model: { status: 'failed', problems: [PROBLEM] } }), host: HOST });
    await view.page.getByText('no such model: "x". Check the path.').waitFor();
    await message().fill('Hello');
    await message().press('Enter');
    await button('Try again').click();
    assert.deepEqual(view.requests.map(({ method }) => method), ['open']);
  });

  it('sends with Enter, begins a line with Shift+Enter, and sends nothing empty', async () => {
    view = await openView('chat', { state: state({ turns: [] }), host: HOST });
    await message().click();
    await message().press('Enter');
    await view.page.keyboard.type('Who are');
    await message().press('Shift+Enter');
    await view.page.keyboard.type('you?');
    await message().press('Enter');
    await view.page.waitForFunction('document.querySelector("vscode-text-area").value === ""');
    assert.deepEqual(view.requests, [{ method: 'send', params: { prompt: 'Who are\nyou?' } }]);
  });

  it('streams both answers beside one another, and can be stopped', async () => {
    const empty = answer({ text: '', status: 'streaming', tokens: 0, tokensPerSecond: null });
    view = await openView('chat', { state: state({ turns: [turn({ answers: { base: empty, tuned: empty } })], isAnswering: true }), host: HOST });
    for (const text of ['Ah, ', 'traveller!']) await view.send({ type: 'increment', increment: { type: 'text', turn: 0, side: 'tuned', text } });
    await view.send({ type: 'increment', increment: { type: 'text', turn: 0, side: 'base', text: 'I am' } });
    await view.page.getByRole('article', { name: 'Answer of apprentice-orpo' }).getByText('Ah, traveller!').waitFor();
    await view.page.getByRole('article', { name: 'Answer of apprentice', exact: true }).getByText('I am').waitFor();
    await view.screenshot('chat-streaming');
    await button('Stop').click();
    assert.deepEqual(view.requests, [{ method: 'stop', params: {} }]);
    assert.equal(await button('Regenerate').isDisabled(), true);
  });

  it('says how each answer ended, and how fast it came', async () => {
    const answers = { base: answer({ status: 'cut' }), tuned: answer({ status: 'failed', text: '', tokens: 0, tokensPerSecond: null, problems: [PROBLEM] }) };
    view = await openView('chat', { state: state({ turns: [turn({ answers })] }), host: HOST });
    await view.page.getByText('12 tokens · 31.3 tokens/s · cut at the limit of tokens · seed 7').waitFor();
    await view.page.getByText('failed · seed 7').waitFor();
    await view.page.getByText('no such model: "x". Check the path.').waitFor();
    assert.equal(await button('is better').count(), 0, 'a failed answer makes no pair');
  });

  it('makes a pair of the better answer, and opens the file of pairs', async () => {
    view = await openView('chat', { state: state({ turns: [turn(), turn({ prompt: 'And now?' })] }), host: HOST });
    await button('The answer of apprentice-orpo is better: add the pair to a file').first().click();
    await button('The answer of apprentice is better: add the pair to a file, without the messages before').click();
    await view.send({ type: 'increment', increment: { type: 'patch', patch: { pairFile: '/work space/preferences.jsonl' } } });
    await view.page.getByText('Pairs go to preferences.jsonl').waitFor();
    await button('Open').click();
    assert.deepEqual(view.requests, [
      { method: 'addPair', params: { turn: 0, better: 'tuned' } }, { method: 'addPair', params: { turn: 1, better: 'base' } }, { method: 'openPairs', params: {} },
    ]);
  });

  it('says why a pair could not be kept', async () => {
    view = await openView('chat', { state: state(), host: { ...HOST, addPair: () => { throw new Error('The rows of this file have other columns.'); } } });
    await button('The answer of apprentice-orpo is better').click();
    await view.page.getByText('The rows of this file have other columns.').waitFor();
  });

  it('changes sampling and system prompt, and refuses what is out of bounds at the field', async () => {
    view = await openView('chat', { state: state(), host: HOST });
    await button('Sampling and system prompt').click();
    const field = (name: string) => view.page.getByRole('textbox', { name, exact: true });
    await field('temperature').fill('0.2');
    await field('temperature').press('Enter');
    await field('top_p').fill('1.5');
    await field('top_p').press('Enter');
    await view.page.getByText('a number from 0 to 1').waitFor();
    await field('seed').fill('42');
    await field('System prompt').fill('You are a pirate.');
    await message().click();
    await view.page.waitForTimeout(50);
    assert.deepEqual(view.requests.map(({ params }) => params), [{ temperature: 0.2 }, { seed: 42 }, { system: 'You are a pirate.' }]);
    await view.screenshot('chat-settings');
  });

  it('regenerates, clears, and chooses another model', async () => {
    view = await openView('chat', { state: state(), host: HOST });
    await button('Regenerate with the same seed for both').click();
    await button('Clear the conversation').click();
    await button('Another model…').click();
    assert.deepEqual(view.requests.map(({ method }) => method), ['regenerate', 'clear', 'chooseModel']);
  });

  it('asks for the user\'s own data after the apprentice: chosen, or dropped from the explorer', async () => {
    view = await openView('chat', { state: state({ invitesData: true }), host: HOST });
    await button('Choose a file…').click();
    await view.page.evaluate(`{
      const data = new DataTransfer();
      data.setData('text/uri-list', '# a comment\\r\\nfile:///data/mine.jsonl');
      for (const dataTransfer of [data, new DataTransfer()]) document.querySelector('.invitation').dispatchEvent(new DragEvent('drop', { dataTransfer, bubbles: true }));
    }`);
    await view.page.waitForTimeout(50);
    assert.deepEqual(view.requests.map(({ params }) => params), [{}, { uri: 'file:///data/mine.jsonl' }, {}]);
  });

  it('talks to a single model as well', async () => {
    const { sides } = state();
    view = await openView('chat', { state: state({ sides: [sides[1]], turns: [turn({ answers: { tuned: answer() } })] }), host: HOST });
    await view.page.getByText('I am the apprentice.').waitFor();
    assert.equal(await view.page.getByRole('article').count(), 1);
    assert.equal(await button('is better').count(), 0);
  });

  it('shows text that means harm as text', async () => {
    const answers = { base: answer({ text: HOSTILE }), tuned: answer({ text: HOSTILE }) };
    const sides: ChatState['sides'] = [{ side: 'base', name: HOSTILE, detail: HOSTILE }, { side: 'tuned', name: HOSTILE, detail: HOSTILE }];
    view = await openView('chat', { state: state({ title: HOSTILE, sides, turns: [turn({ prompt: HOSTILE, answers })], pairFile: `/x/${HOSTILE}` }), host: HOST });
    const shown = '<img src=x onerror=alert(1)></script>\\e[31mred\\u{202e}gnp.exe';
    await view.page.getByText(shown).first().waitFor();
    const text = await view.page.locator('#merlina').innerText();
    assert.ok(!text.includes('\u202e') && !text.includes('\u001b'), text);
    assert.equal(await view.page.locator('img').count(), 0);
  });

  it('is reached by the keyboard alone, each control with a name', async () => {
    view = await openView('chat', { state: state({ invitesData: true }), host: HOST });
    const seen = new Set<string>();
    for (let i = 0; i < 20; i++) {
      await view.page.keyboard.press('Tab');
      seen.add(await view.page.evaluate<string>(`(() => {
        const element = document.activeElement;
        const inner = element?.shadowRoot?.activeElement ?? element;
        return inner?.getAttribute('aria-label') ?? element?.getAttribute('aria-label') ?? element?.textContent?.trim() ?? '';
      })()`));
    }
    for (const name of ['Another model…', 'Sampling and system prompt', 'Clear the conversation', 'The answer of apprentice-orpo is better: add the pair to a file', 'Message', 'Regenerate with the same seed for both', 'Choose a file…']) {
      assert.ok(seen.has(name), `${name} is not among ${[...seen].join(' | ')}`);
    }
  });

  for (const theme of THEMES) {
    it(`has no serious fault for those who do not see, in ${theme}`, async () => {
      view = await openView('chat', { theme, state: state({ invitesData: true, pairFile: '/x/pairs.jsonl', turns: [turn(), turn({ prompt: 'Tell me about rain.' })] }), host: HOST });
      await button('Sampling and system prompt').click();
      await view.page.getByText('max_new_tokens').waitFor();
      assert.deepEqual(await view.accessibilityFaults(), []);
      await button('Sampling and system prompt').click();
      await view.screenshot(`chat-${theme}`);
    });
  }

  it('fits a narrow column', async () => {
    view = await openView('chat', { width: 320, state: state({ invitesData: true }), host: HOST });
    await view.page.getByText('Ah, traveller!').waitFor();
    assert.ok(await view.page.evaluate<number>('document.documentElement.scrollWidth') <= 320);
    await view.screenshot('chat-narrow');
  });
});
