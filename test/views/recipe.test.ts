/** The recipe wizard's page: every state of it, by keyboard too, in all themes. */
import assert from 'node:assert/strict';
import { parse } from 'jsonc-parser';
import { closeViews, THEMES } from './harness';
import { ASSESSMENT, openRecipe, stateOf, TEXT, type OpenedRecipe } from './recipeDocument';

const STEP_NAMES = ['Model', 'Dataset', 'Method', 'Training', 'Cast'];

describe('the recipe wizard', () => {
  let view: OpenedRecipe;
  afterEach(async () => {
    assert.deepEqual(view.crashes, []);
    await view.close();
  });
  after(closeViews);

  const step = (name: string) => view.page.getByRole('tab', { name });
  const field = (key: string) => view.page.locator(`[data-key="${key}"]`);
  const input = (key: string) => field(key).locator('input, textarea');
  const values = (): Record<string, unknown> => parse(view.text()) as Record<string, unknown>;
  const eventually = async (look: () => boolean | Promise<boolean>, what: string): Promise<void> => {
    for (let tries = 0; tries < 200; tries++) {
      if (await look()) return;
      await view.page.waitForTimeout(20);
    }
    assert.fail(`It never came: ${what}`);
  };

  for (const theme of THEMES) {
    it(`can be used by everybody in ${theme}, wide and narrow`, async () => {
      view = await openRecipe(TEXT, { theme });
      for (const name of STEP_NAMES) {
        await step(name).click();
        await view.page.waitForTimeout(400);
        assert.deepEqual(await view.accessibilityFaults(), [], name);
        await view.screenshot(`recipe-${name.toLowerCase()}-${theme}`);
      }
      await view.page.setViewportSize({ width: 320, height: 800 });
      for (const name of STEP_NAMES) {
        await step(name).click();
        const overflow = await view.page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');
        assert.equal(overflow, 0, `${name} is wider than 320 px`);
      }
      await view.screenshot(`recipe-narrow-${theme}`);
    });
  }

  it('paints at once, before anything is known', async () => {
    view = await openRecipe(TEXT, { isSilent: true });
    await view.page.getByText('Reading the recipe').first().waitFor();
  });

  it('shows what the recipe needs, and says that it is an estimate', async () => {
    view = await openRecipe();
    const side = view.page.getByRole('complementary');
    for (const text of ['≈ 2.1 GB of 16.0 GB', '≈ 14 min 0 s', '297 rows', '16 pairs, ≈ 9,120 tokens']) await side.getByText(text).waitFor();
  });

  it('says what is not known: without an assessment, and while it is made', async () => {
    view = await openRecipe(TEXT, { change: { assessment: undefined, isAssessing: false } as never });
    await view.page.getByText('Known once the recipe has no errors.').waitFor();
    await view.send({ type: 'increment', increment: { isAssessing: true } });
    await view.page.getByText('Looking at model, dataset and machine').first().waitFor();
    const { time: _time, ...partial } = ASSESSMENT;
    await view.send({ type: 'increment', increment: { assessment: partial, isAssessing: true } });
    await view.page.getByText('measuring this machine').waitFor();
  });

  it('writes what is typed into the text, and nothing else', async () => {
    view = await openRecipe();
    await step('Method').click();
    await input('lora_r').fill('32');
    await eventually(() => values().lora_r === 32, 'the edit');
    assert.equal(view.text(), TEXT.replace('"lora_r": 16', '"lora_r": 32'));
  });

  it('echoes typing at once, and sends it when it pauses', async () => {
    let release = (): void => {};
    view = await openRecipe(TEXT, { host: { edit: () => new Promise(resolve => { release = () => resolve(1); }) } });
    await step('Method').click();
    await input('lora_r').press('End');
    await input('lora_r').pressSequentially('8');
    assert.equal(await input('lora_r').inputValue(), '168');
    await eventually(() => view.requests.some(({ method }) => method === 'edit'), 'the request');
    // The host has not answered, and typing goes on.
    await input('lora_r').press('Backspace');
    assert.equal(await input('lora_r').inputValue(), '16');
    release();
  });

  it('shows what another hand wrote: the text editor, or undo', async () => {
    view = await openRecipe();
    await step('Method').click();
    await input('lora_r').fill('32');
    await eventually(() => values().lora_r === 32, 'the edit');
    await view.rewrite(TEXT);
    await eventually(async () => await input('lora_r').inputValue() === '16', 'the value of the text');
  });

  it('says at the field what is wrong as it is typed, and mends it with one click', async () => {
    view = await openRecipe();
    await step('Method').click();
    await input('lora_r').fill('5000');
    await field('lora_r').getByText('5000 is above the maximum of 512.').waitFor();
    await view.page.getByRole('tab', { name: '3 Method' }).getByText('1', { exact: true }).waitFor();
    assert.equal(await view.page.getByRole('button', { name: 'Cast' }).isDisabled(), true);
    await view.screenshot('recipe-error');
    await field('lora_r').getByRole('button', { name: 'Fix' }).click();
    await eventually(() => values().lora_r === 64, 'the fix');
  });

  it('says that a text is no number, and keeps the old value', async () => {
    view = await openRecipe();
    await step('Training').click();
    await input('learning_rate').fill('8e-');
    await field('learning_rate').getByText('This is not a number.').waitFor();
    await input('learning_rate').fill('8e-6');
    await eventually(() => values().learning_rate === 8e-6, 'the number');
    assert.equal(await field('learning_rate').getByText('This is not a number.').count(), 0);
  });

  it('marks what differs from the default, and resets it', async () => {
    view = await openRecipe();
    await step('Method').click();
    await field('lora_r').getByRole('button', { name: 'Reset LoRA rank to its default' }).click();
    await eventually(() => !('lora_r' in values()), 'the removal');
    await eventually(async () => await input('lora_r').inputValue() === '64', 'the default');
    assert.equal(await field('lora_r').getByText('changed from the default').count(), 0);
  });

  it('folds what seldom matters, and finds every field by name, label and help', async () => {
    view = await openRecipe();
    await step('Training').click();
    assert.equal(await field('adam_beta2').count(), 0);
    await view.page.getByRole('textbox', { name: 'Search all fields' }).fill('squared gradient');
    await field('adam_beta2').waitFor();
    await view.page.getByRole('textbox', { name: 'Search all fields' }).fill('neftune_alpha');
    await field('neftune_alpha').getByText('arXiv 2310.05914').first().waitFor();
    assert.equal(await view.page.locator('.field').count(), 1);
  });

  it('shows fields of the method only, and says of others beside what they work', async () => {
    view = await openRecipe();
    await step('Method').click();
    assert.equal(await field('gamma').count(), 0);
    await view.page.getByRole('button', { name: /Simple preference/ }).click();
    await field('gamma').waitFor();
    await view.page.getByRole('button', { name: /Supervised/ }).click();
    await view.page.getByRole('textbox', { name: 'Search all fields' }).fill('beta');
    await field('beta').getByText('Used only with training_mode').waitFor();
  });

  it('says what a preset would change before it changes it, and then in one step', async () => {
    view = await openRecipe();
    await step('Method').click();
    await view.page.getByText('The preset for orpo would change 8 values').click();
    await view.page.getByRole('row', { name: /learning_rate 5e-6 8e-6 The paper's own rate/ }).waitFor();
    assert.deepEqual(view.requests.filter(({ method }) => method === 'edit'), []);
    await view.page.getByRole('button', { name: 'Set these 8 values' }).click();
    await view.page.getByText('All values of the preset for orpo are set.').waitFor();
    assert.equal(view.requests.filter(({ method }) => method === 'edit').length, 1);
    assert.equal(values().learning_rate, 8e-6);
  });

  it('chooses a model of this machine, of the hub, and one that is browsed for', async () => {
    view = await openRecipe();
    await view.page.getByRole('button', { name: 'The apprentice' }).click();
    await eventually(() => values().base_model === '/ext/media/apprentice', 'the apprentice');
    await view.page.getByRole('textbox', { name: 'Search the Hugging Face Hub' }).fill('qwen');
    await view.page.getByRole('button', { name: /Qwen3-0\.6B 1,234,567 downloads/ }).click();
    await eventually(() => values().base_model === 'Qwen/Qwen3-0.6B', 'the hub model');
    await view.page.getByRole('button', { name: 'Folder…' }).click();
    await eventually(() => values().base_model === './picked', 'the folder');
  });

  it('says honestly that the hub cannot be asked', async () => {
    view = await openRecipe(TEXT, { host: { searchModels: () => { throw new Error('The hub cannot be searched: offline.'); } } });
    await view.page.getByRole('textbox', { name: 'Search the Hugging Face Hub' }).fill('qwen');
    await view.page.getByText('The hub cannot be searched: offline.').waitFor();
  });

  it('chooses a dataset, and shows its first rows as text whatever they hold', async () => {
    view = await openRecipe();
    await step('Dataset').click();
    await view.page.getByText('300 rows').waitFor();
    await view.page.getByRole('cell', { name: 'A <img src=x onerror=alert(1)> \\u{202e} beast.' }).waitFor();
    await view.page.getByRole('cell', { name: '</script>' }).waitFor();
    assert.equal(await view.page.locator('img').count(), 0);
    await view.page.getByRole('button', { name: 'more.csv' }).click();
    await eventually(() => JSON.stringify(values().dataset).includes('more.csv'), 'the file');
    await view.page.getByRole('textbox', { name: 'Dataset id on the hub' }).fill('trl-lib/ultrafeedback_binarized');
    await view.page.keyboard.press('Enter');
    await eventually(() => JSON.stringify(values().dataset) === '{"source":{"source_type":"huggingface","repo_id":"trl-lib/ultrafeedback_binarized"}}', 'the hub dataset');
  });

  it('takes a file that is dropped', async () => {
    view = await openRecipe();
    await step('Dataset').click();
    await view.page.evaluate(() => {
      const { DataTransfer, DragEvent, document } = globalThis as never as { DataTransfer: new () => { setData(type: string, text: string): void }; DragEvent: new (type: string, init: object) => object; document: { querySelector(css: string): { dispatchEvent(event: object): void } } };
      const dataTransfer = new DataTransfer();
      dataTransfer.setData('application/vnd.code.uri-list', 'file:///w/dropped.csv');
      document.querySelector('.drop').dispatchEvent(new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true }));
    });
    await eventually(() => JSON.stringify(values().dataset).includes('dropped.csv'), 'the file');
  });

  it('copies a file that is dropped without a place, in pieces', async () => {
    const text = `{"prompt":"a","chosen":"b"}\n`.repeat(60_000);
    let copied = '';
    view = await openRecipe(TEXT, { host: { uploadPart: ({ bytes, isLast }: { bytes: string; isLast: boolean }) => {
      copied += Buffer.from(bytes, 'base64').toString();
      return isLast ? 'upload_20260807_090000_4f2a1c00' : null;
    } } });
    await step('Dataset').click();
    await view.page.evaluate(content => {
      const dataTransfer = new DataTransfer();
      dataTransfer.items.add(new File([content], 'mine.jsonl'));
      document.querySelector('.drop')!.dispatchEvent(new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true }));
    }, text);
    await eventually(() => JSON.stringify(values().dataset) === '{"source":{"source_type":"upload","dataset_id":"upload_20260807_090000_4f2a1c00"}}', 'the upload');
    assert.equal(copied, text);
    assert.ok(view.requests.filter(({ method }) => method === 'uploadPart').length > 1);
  });

  it('shows the checks before casting, and casts when all that was typed is written', async () => {
    view = await openRecipe();
    await step('Method').click();
    await input('lora_r').fill('24');
    await view.page.getByRole('button', { name: 'Cast', exact: true }).click();
    await eventually(() => view.requests.some(({ method }) => method === 'cast'), 'the cast');
    assert.deepEqual(view.requests.map(({ method }) => method).filter(method => ['edit', 'cast'].includes(method)), ['edit', 'cast']);
    assert.equal(values().lora_r, 24);
    await step('Cast').click();
    await view.page.getByText('about 2.0 GB of 8.8 GB free').waitFor();
    await view.page.getByRole('button', { name: 'Fix' }).click();
    await eventually(() => values().learning_rate === 0.0001, 'the fix');
  });

  it('shows what keeps it from casting', async () => {
    view = await openRecipe(TEXT, { host: { cast: () => ({ problems: [{ id: 'x/y', severity: 'error', text: 'There is no file <b>preferences.jsonl</b>.' }] }) } });
    await view.page.getByRole('button', { name: 'Cast', exact: true }).click();
    await view.page.getByText('There is no file <b>preferences.jsonl</b>.').waitFor();
  });

  it('neither reads nor casts in a workspace that is not trusted, and says why', async () => {
    view = await openRecipe(TEXT, { change: { isTrusted: false, assessment: undefined } as never });
    await view.page.getByText('This workspace is not trusted, and a recipe names files to read.').first().waitFor();
    assert.equal(await view.page.getByRole('button', { name: 'Cast', exact: true }).isDisabled(), true);
    await step('Dataset').click();
    await view.page.waitForTimeout(400);
    assert.deepEqual(view.requests.filter(({ method }) => ['look', 'localModels'].includes(method)), []);
    assert.deepEqual(await view.accessibilityFaults(), []);
  });

  it('says what is wrong with a text that is no JSON, and opens it', async () => {
    view = await openRecipe('{ "output_name": ');
    await view.page.getByText('Not valid JSON').waitFor();
    await view.page.getByRole('button', { name: 'Open the text' }).click();
    await eventually(() => view.requests.some(({ method }) => method === 'showText'), 'the text editor');
    await view.rewrite(TEXT);
    await step('Model').waitFor();
  });

  it('is plain where the setting says so', async () => {
    view = await openRecipe(TEXT, { boot: { isMagical: false } });
    await view.page.getByRole('tab', { name: '5 Train', exact: false }).first().waitFor();
    await view.page.getByRole('button', { name: 'Train', exact: true }).waitFor();
    assert.equal(await view.page.getByText('Cast').count(), 0);
  });

  it('can be walked by keyboard: steps by arrows, fields by Tab', async () => {
    view = await openRecipe();
    await step('Model').focus();
    await view.page.keyboard.press('ArrowRight');
    await view.page.keyboard.press('ArrowRight');
    assert.equal(await step('Method').getAttribute('aria-selected'), 'true');
    const reached = new Set<string>();
    for (let presses = 0; presses < 40; presses++) {
      await view.page.keyboard.press('Tab');
      reached.add(String(await view.page.evaluate(`(() => { let at = document.activeElement; const field = at?.closest('[data-key]'); return field ? field.dataset.key : at?.textContent?.trim(); })()`)));
    }
    for (const key of ['use_lora', 'lora_r', 'lora_alpha', 'beta', 'target_modules']) assert.ok(reached.has(key), `${key} of ${[...reached].join(', ')}`);
  });

  it('opens where it was left', async () => {
    view = await openRecipe();
    await step('Training').click();
    await view.send({ type: 'snapshot', state: stateOf(TEXT) });
    assert.equal(await step('Training').getAttribute('aria-selected'), 'true');
  });
});
