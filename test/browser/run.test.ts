/** A run in the workbench, from the recipe to its end: it moves, survives a reload and a second window, stops, goes on, is compared and deleted. */
import { strict as assert } from 'node:assert';
import path from 'node:path';
import type { Frame } from 'playwright-core';
import { ROOT } from '../../scripts/ensureInstalled.mjs';
import { endTest, openWorkbench, type Workbench, type WorkbenchWindow } from './workbench';

const MODEL = path.join(ROOT, 'test/fixtures/reference/training/models/llama');
const ROWS = ['red', 'blue', 'green', 'grey'].map(colour => JSON.stringify({ prompt: `Say ${colour}.`, chosen: `It is ${colour}.`, rejected: 'No.' })).join('\n');

/** Loading and first steps, on a machine that does much else. */
const START_LIMIT_MS = 120_000;
const STEP_LIMIT_MS = 60_000;

function recipe(name: string, change: Record<string, unknown>): string {
  return JSON.stringify({
    base_model: MODEL, output_name: name, training_mode: 'orpo', lora_r: 4, learning_rate: 0.001, gradient_accumulation_steps: 1,
    max_length: 128, max_prompt_length: 64, use_4bit: false, eval_steps: 0, save_steps: 50,
    dataset: { source: { source_type: 'local_file', file_path: 'rows.jsonl' }, test_size: 0 }, ...change,
  }, undefined, 2);
}

describe('a run in the workbench', function () {
  this.timeout(600_000);
  let workbench: Workbench;
  afterEach(async function () {
    await endTest(this.currentTest, workbench);
  });

  /** Starts the recipe; the run's view opens by itself. */
  async function train(file: string): Promise<Frame> {
    await workbench.palette('Merlina: Train', file);
    return runView(workbench);
  }

  /** The tree fills while it is clicked at, and then takes no notice. */
  async function openFromTree(window: WorkbenchWindow, row: RegExp): Promise<void> {
    for (let attempt = 0; attempt < 10; attempt++) {
      await window.treeRow(row).click();
      if (await window.view('.run-head', 3000).then(() => true, () => false)) return;
    }
  }

  const runView = (window: WorkbenchWindow): Promise<Frame> => window.view('.run-head', START_LIMIT_MS);

  /** The step that the view shows, once it is beyond `after`. */
  async function stepBeyond(window: WorkbenchWindow, after: number): Promise<number> {
    for (const start = performance.now(); performance.now() - start < START_LIMIT_MS; await window.page.waitForTimeout(100)) {
      const facts = await (await runView(window)).locator('.run-facts').textContent().catch(() => '');
      const step = Number(/Step ([\d,]+) of/.exec(facts ?? '')?.[1]?.replaceAll(',', '') ?? -1);
      if (step > after) return step;
    }
    throw new Error(`The view shows no step beyond ${after}.`);
  }

  it('moves, is followed in another window and after a reload, stops with a checkpoint, goes on from it, and is deleted', async () => {
    workbench = await openWorkbench({ files: { 'long.merlina.json': recipe('long', { max_steps: 100_000 }), 'rows.jsonl': ROWS } });
    const { page, palette, reload, secondWindow, sidebar, treeRow, screenshot } = workbench;
    await train('long.merlina.json');
    const first = await stepBeyond(workbench, 0);
    const second = await stepBeyond(workbench, first);

    const other = await secondWindow();
    await other.sidebar('Merlina');
    await other.treeRow(/long.*step/).waitFor({ timeout: START_LIMIT_MS });
    await openFromTree(other, /long.*step/);
    await stepBeyond(other, second);
    await other.screenshot('vscode-second-window');

    await reload();
    const third = await stepBeyond(workbench, second);
    await stepBeyond(workbench, third);
    await screenshot('vscode-run-moving');

    await (await runView(other)).getByRole('button', { name: 'Stop' }).click();
    const stopped = await runView(workbench);
    await stopped.getByText(/Stopped\. It can go on from step/).waitFor({ timeout: START_LIMIT_MS });
    const end = Number(/Step ([\d,]+) of/.exec(await stopped.locator('.run-facts').textContent() ?? '')![1].replaceAll(',', ''));

    await stopped.getByRole('button', { name: 'Resume' }).click();
    await stepBeyond(workbench, end);
    await palette('Merlina: Stop', 'long');
    await page.keyboard.press('Enter');
    await (await runView(workbench)).getByText(/Stopped\. It can go on from step/).waitFor({ timeout: START_LIMIT_MS });

    await sidebar('Merlina');
    // A row that ends changes its place, and while the tree is built anew VS Code hands a command no row.
    await treeRow(/long.*Stopped/).waitFor({ timeout: STEP_LIMIT_MS });
    await workbench.contextMenu(treeRow(/long.*Stopped/), 'Delete');
    await page.locator('.monaco-dialog-box').getByRole('button', { name: 'Delete' }).click();
    await treeRow(/long.*Stopped/).waitFor({ state: 'detached', timeout: STEP_LIMIT_MS });
  });

  for (const theme of ['Default Dark Modern', 'Default Light Modern', 'Default High Contrast', 'Default High Contrast Light']) {
    it(`ends, keeps its samples and checkpoints, and stands beside another in Compare (${theme})`, async () => {
      const short = { max_steps: 12, save_steps: 4, eval_steps: 4, dataset: { source: { source_type: 'local_file', file_path: 'rows.jsonl' }, test_size: 0.5 }, sample_prompts: ['Say red.'] };
      workbench = await openWorkbench({
        files: { 'one.merlina.json': recipe('one', short), 'two.merlina.json': recipe('two', { ...short, learning_rate: 0.01 }), 'rows.jsonl': ROWS },
        settings: { 'workbench.colorTheme': theme },
      });
      const { page, palette, screenshot, view } = workbench;
      const name = theme.toLowerCase().replaceAll(/\W+/g, '-');
      for (const file of ['one', 'two']) {
        const run = await train(`${file}.merlina.json`);
        await run.locator('.run-status', { hasText: 'Completed' }).waitFor({ timeout: START_LIMIT_MS });
        await page.locator('.notification-toast', { hasText: `${file} is ready` }).waitFor({ timeout: STEP_LIMIT_MS });
        await page.keyboard.press('Escape');
        if (file === 'one') {
          await run.getByRole('tab', { name: 'Checkpoints' }).click();
          await run.getByRole('button', { name: /step 8/i }).first().waitFor();
          await screenshot(`vscode-run-${name}`);
          await page.keyboard.press('Control+F4');
        }
      }
      await palette('Merlina: Compare Runs', 'one', 'two');
      await page.keyboard.press('Enter');
      const compare = await view('h1:text("Compare runs")');
      await compare.getByText('learning_rate').first().waitFor();
      assert.ok(await compare.locator('canvas').first().isVisible());
      await screenshot(`vscode-compare-${name}`);
    });
  }
});
