/** From the command palette to the trainer's words in the terminal, in the workbench that users have. */
import { strict as assert } from 'node:assert';
import { openWorkbench, type Workbench } from './workbench';

const TERMINAL_LIMIT_MS = 60_000;

describe('Merlina: Train in the workbench', () => {
  let workbench: Workbench;
  before(async () => { workbench = await openWorkbench(); });
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await workbench.screenshot('failed-train');
  });
  after(async () => workbench?.close());

  it('makes a recipe from a starter, opens it, and trains it in a terminal', async () => {
    const { page, palette, pick, screenshot } = workbench;
    await palette('Merlina: Train');
    await pick('Preferences (ORPO)');
    await page.locator('.tab[data-resource-name="my-tune.merlina.json"]').waitFor();
    await page.locator('.view-line', { hasText: '"training_mode": "orpo"' }).waitFor();
    // The starter names a dataset that is not there yet: the trainer says so, where the user looks.
    const text = await terminalShows(/preferences\.jsonl/);
    await screenshot('train');
    assert.match(text, /preferences\.jsonl/);
  });

  async function terminalShows(pattern: RegExp): Promise<string> {
    const start = performance.now();
    for (;;) {
      const text = await workbench.terminalText();
      if (pattern.test(text) || performance.now() - start > TERMINAL_LIMIT_MS) return text;
      await workbench.page.waitForTimeout(100);
    }
  }
});
