/** Recipes in the workbench that users have: as form and as text in step, and cast to the end. */
import { strict as assert } from 'node:assert';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Frame } from 'playwright-core';
import { ROOT } from '../../scripts/ensureInstalled.mjs';
import { endTest, openWorkbench, type Workbench } from './workbench';

const MODEL = path.join(ROOT, 'test/fixtures/reference/training/models/llama');
/** A run of six steps takes seconds; a busy machine may need more. */
const RUN_LIMIT_MS = 120_000;

const RECIPE = {
  base_model: MODEL, output_name: 'tiny', training_mode: 'orpo', lora_r: 4, learning_rate: 0.001, max_steps: 6, gradient_accumulation_steps: 1,
  max_length: 128, max_prompt_length: 64, use_4bit: false, eval_steps: 0,
  dataset: { source: { source_type: 'local_file', file_path: 'rows.jsonl' }, test_size: 0 },
};
const TEXT = JSON.stringify(RECIPE, undefined, 2);
const ROWS = ['red', 'blue', 'green', 'grey'].map(colour => JSON.stringify({ prompt: `Say ${colour}.`, chosen: `It is ${colour}.`, rejected: 'No.' }));
const FILES = { 'tiny.merlina.json': TEXT, 'rows.jsonl': ROWS.join('\n') };

describe('recipes in the workbench', () => {
  let workbench: Workbench;
  afterEach(async function () {
    await endTest(this.currentTest, workbench);
  });

  const wizard = (): Promise<Frame> => workbench.view('.wizard');
  const rank = async () => (await wizard()).locator('[data-key="lora_r"] input');
  const eventually = async (look: () => boolean | Promise<boolean>, what: string, limitMs = 20_000): Promise<void> => {
    for (const start = performance.now(); performance.now() - start < limitMs; await workbench.page.waitForTimeout(100)) {
      if (await look()) return;
    }
    assert.fail(`It never came: ${what}`);
  };

  it('makes a recipe from a starter in the wizard, and says what it needs', async () => {
    workbench = await openWorkbench();
    await workbench.palette('Merlina: New Recipe', 'Preferences (ORPO)');
    const page = await wizard();
    await page.getByRole('tab', { name: 'Cast' }).click();
    // The starter names rows that are not there yet.
    await page.getByText(/There is no file .*preferences\.jsonl/).first().waitFor();
    assert.equal(await page.getByRole('button', { name: 'Cast', exact: true }).isDisabled(), true);
    await workbench.screenshot('wizard-starter');
  });

  it('keeps form and text in step, both ways, over undo and redo', async () => {
    workbench = await openWorkbench({ files: FILES });
    const { page, palette, folder } = workbench;
    const fileText = (): string => readFileSync(path.join(folder, 'tiny.merlina.json'), 'utf8');
    await palette('Merlina: Show Recipe as Form', 'tiny.merlina.json');
    await (await wizard()).getByRole('tab', { name: 'Method' }).click();
    await (await rank()).fill('8');
    await (await wizard()).getByRole('button', { name: 'Show JSON' }).click();
    const line = page.locator('.view-line', { hasText: '"lora_r"' });
    await line.filter({ hasText: '8' }).waitFor();
    await workbench.screenshot('wizard-beside-text');

    // The text is edited: the form shows it. Then undone, twice: each side again.
    await line.click();
    await page.keyboard.press('End');
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.type('0');
    await eventually(async () => await (await rank()).inputValue() === '80', 'the typed text in the form');
    await page.keyboard.press('Control+z');
    await eventually(async () => await (await rank()).inputValue() === '8', 'the undone text in the form');
    await page.keyboard.press('Control+z');
    await eventually(async () => await (await rank()).inputValue() === '4', 'the undone form');
    await page.keyboard.press('Control+y');
    await eventually(async () => await (await rank()).inputValue() === '8', 'the form again');
    await palette('File: Save');
    await eventually(() => fileText() === TEXT.replace('"lora_r": 4', '"lora_r": 8'), 'the saved file, with nothing else changed');
  });

  it('casts the recipe, and the run ends in an adapter', async () => {
    workbench = await openWorkbench({ files: FILES });
    await workbench.palette('Merlina: Show Recipe as Form', 'tiny.merlina.json');
    const page = await wizard();
    await page.getByText('4 rows').first().waitFor();
    await page.getByText('6 steps in all', { exact: false }).waitFor();
    await workbench.screenshot('wizard-ready');
    await page.getByRole('button', { name: 'Cast', exact: true }).click();
    const run = await workbench.view('.run-head', RUN_LIMIT_MS);
    await run.getByText('Completed').first().waitFor({ timeout: RUN_LIMIT_MS });
    await workbench.screenshot('wizard-run');
    assert.ok(!existsSync(path.join(workbench.folder, '.merlina')), 'nothing of the run lies in the workspace');
  });
});
