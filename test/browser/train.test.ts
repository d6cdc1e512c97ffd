/** From the command palette to the trainer's words in the terminal, in the workbench that users have. */
import { strict as assert } from 'node:assert';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { ROOT } from '../../scripts/ensureInstalled.mjs';
import { openWorkbench, type Workbench } from './workbench';

const MODEL = path.join(ROOT, 'test/fixtures/reference/training/models/llama');

/** About a minute on two cores; a busy machine may need more. */
const DEMO_LIMIT_MS = 300_000;

const RECIPE = {
  base_model: MODEL, output_name: 'tiny', training_mode: 'orpo', lora_r: 4, learning_rate: 0.001, max_steps: 6, gradient_accumulation_steps: 1,
  max_length: 128, max_prompt_length: 64, use_4bit: false, eval_steps: 0,
  dataset: { source: { source_type: 'local_file', file_path: 'rows.jsonl' }, test_size: 0 },
};
const ROWS = ['red', 'blue', 'green', 'grey'].map(colour => JSON.stringify({ prompt: `Say ${colour}.`, chosen: `It is ${colour}.`, rejected: 'No.' }));

describe('Merlina: Train in the workbench', () => {
  let workbench: Workbench;
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await workbench.screenshot(`failed: ${this.currentTest.title}`.replaceAll(/\W+/g, '-'));
    await workbench.close();
  });

  it('makes a recipe from a starter, opens it, and runs the trainer on it', async () => {
    workbench = await openWorkbench();
    const { page, palette, pick, screenshot, terminalShows } = workbench;
    await palette('Merlina: Train');
    await pick('Preferences (ORPO)');
    await page.locator('.tab[data-resource-name="my-tune.merlina.json"]').waitFor();
    await page.locator('.view-line', { hasText: '"training_mode": "orpo"' }).waitFor();
    // The starter names a model of the hub, which cannot be reached here: the trainer says so, where the user looks.
    await terminalShows(/error: .*SmolLM2-135M-Instruct[\s\S]*exit code: 2/);
    await screenshot('train-starter');
  });

  it('trains the recipe of the workspace to the end', async () => {
    workbench = await openWorkbench({ files: { 'tiny.merlina.json': JSON.stringify(RECIPE, undefined, 2), 'rows.jsonl': ROWS.join('\n') } });
    const { folder, palette, pick, screenshot, terminalShows } = workbench;
    await palette('Merlina: Train');
    await pick('tiny.merlina.json');
    await terminalShows(/4 rows, 6 steps[\s\S]*Done: .*adapter[\s\S]*press any key to close/);
    await screenshot('train-tiny');
    assert.ok(existsSync(path.join(folder, '.merlina/runs/tiny/adapter/adapter_model.safetensors')));
  });

  it('trains the apprentice, and shows its answers before and after', async function () {
    this.timeout(2 * DEMO_LIMIT_MS);
    workbench = await openWorkbench();
    const { palette, screenshot, terminalShows } = workbench;
    await palette('Merlina: Train the Apprentice');
    await terminalShows(/Before\s[\s\S]*loss/);
    await screenshot('apprentice-before');
    await terminalShows(/After\s[\s\S]*press any key to close/, DEMO_LIMIT_MS);
    await screenshot('apprentice-after');
  });
});
