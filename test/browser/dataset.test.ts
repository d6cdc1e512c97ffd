/** The dataset preview in the workbench: from the explorer, with a real model's tokens, to the line in the text editor. */
import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';
import { appendFile } from 'node:fs/promises';
import path from 'node:path';
import { ROOT } from '../../scripts/ensureInstalled.mjs';
import { endTest, openWorkbench, type Workbench } from './workbench';

const ROWS = [
  ...Array.from({ length: 40 }, (_, i) => ({ question: `What comes after ${i}?`, chosen: `After ${i} comes ${i + 1}.`, rejected: 'I do not know.' })),
  { question: 'Empty', chosen: '', rejected: 'No.' },
  { question: '<img src=x onerror="window.hacked=1">', chosen: '</script><script>window.hacked=1</script>', rejected: '\u001b[31m\u202E' },
];

describe('the dataset preview in the workbench', () => {
  let workbench: Workbench;
  afterEach(async function () {
    await endTest(this.currentTest, workbench);
  });

  for (const theme of ['Default Dark Modern', 'Default Light Modern', 'Default High Contrast'])
    it(`shows rows, tokens and figures of a file from the explorer (${theme})`, async () => {
      workbench = await openWorkbench({ files: { 'pairs.jsonl': ROWS.map(row => JSON.stringify(row)).join('\n') }, settings: { 'workbench.colorTheme': theme } });
      const { page, contextMenu, treeRow, view, pick, screenshot } = workbench;
      const name = theme.toLowerCase().replaceAll(/\W+/g, '-');
      await contextMenu(treeRow('pairs.jsonl'), 'Preview Dataset');

      const preview = await view('.dataset .source');
      await preview.getByText('42 rows').waitFor();
      await preview.getByText('After 5 comes 6.').waitFor();
      await preview.locator('.row-number input').fill('41');
      await preview.locator('.row-number input').press('Enter');
      await preview.locator('.detail', { hasText: '<img src=x onerror="window.hacked=1">' }).waitFor();
      assert.equal(await preview.evaluate(() => (window as { hacked?: number }).hacked), undefined);
      await screenshot(`vscode-dataset-rows-${name}`);

      await preview.getByRole('tab', { name: 'Tokens' }).click();
      await preview.getByRole('button', { name: 'Choose a model' }).click();
      await pick('The apprentice');
      await preview.locator('.token.is-trained[data-token]').first().waitFor();
      await screenshot(`vscode-dataset-tokens-${name}`);

      await preview.getByRole('tab', { name: 'Statistics' }).click();
      await preview.locator('.statistics td', { hasText: 'empty' }).first().waitFor();
      await screenshot(`vscode-dataset-statistics-${name}`);

      await preview.getByRole('button', { name: 'Show row 40' }).first().click();
      await preview.locator('.detail .problem').getByRole('button', { name: 'Open' }).click();
      await page.locator('.editor-container .view-line', { hasText: '"question":"Empty"' }).waitFor();
      await page.locator('.statusbar-item', { hasText: 'Ln 41' }).waitFor();
    });

  it('keeps its place over a reload of the window, and follows the file', async () => {
    const rows = readFileSync(path.join(ROOT, 'media/apprentice/wizard.jsonl'), 'utf8');
    workbench = await openWorkbench({ files: { 'wizard.jsonl': rows } });
    const { palette, view, reload } = workbench;
    await palette('Merlina: Preview Dataset', 'wizard.jsonl');
    const preview = await view('.dataset .source');
    await preview.getByRole('tab', { name: 'Formatted' }).click();
    await preview.locator('.part').first().waitFor();
    await reload();
    const again = await view('.dataset .source');
    await again.locator('[role=tab][aria-selected=true]', { hasText: 'Formatted' }).waitFor();
    await again.getByText('of 174').waitFor();
    await appendFile(path.join(workbench.folder, 'wizard.jsonl'), `${rows.split('\n')[0]}\n`);
    await again.getByText('of 175').waitFor();
  });
});
