/** The sidebar and the chat in the workbench: an empty start, the apprentice trained, seen in the tree, told of at its end, and talked to beside its base. */
import { strict as assert } from 'node:assert';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { endTest, openWorkbench, type Workbench } from './workbench';

/** About a minute on two cores; a busy machine may need more. */
const TRAIN_LIMIT_MS = 300_000;

describe('the sidebar in the workbench', function () {
  this.timeout(2 * TRAIN_LIMIT_MS);
  let workbench: Workbench;
  afterEach(async function () {
    await endTest(this.currentTest, workbench);
  });

  for (const theme of ['Default Dark Modern', 'Default Light Modern', 'Default High Contrast']) {
    it(`is complete while there is nothing, and lists models and recipes (${theme})`, async () => {
      workbench = await openWorkbench({ files: { 'owl.merlina.json': '{ "output_name": "owl" }' }, settings: { 'workbench.colorTheme': theme } });
      const { page, sidebar, treeRow, screenshot } = workbench;
      await sidebar('Merlina');
      const welcome = page.locator('.welcome-view');
      await welcome.getByRole('button', { name: 'Train the apprentice' }).waitFor();
      await welcome.getByRole('button', { name: 'New recipe' }).first().waitFor();
      await treeRow('The apprentice').waitFor();
      await treeRow('owl').waitFor();
      await screenshot(`vscode-sidebar-empty-${theme.toLowerCase().replaceAll(/\W+/g, '-')}`);
    });
  }

  it('leads through its walkthrough to the apprentice', async () => {
    workbench = await openWorkbench();
    const { page, palette, screenshot } = workbench;
    await palette('Welcome: Open Walkthrough...', 'Merlina');
    const steps = page.locator('.getting-started-step');
    await steps.nth(3).waitFor();
    assert.equal(await steps.count(), 4);
    await screenshot('vscode-walkthrough');
    await steps.filter({ hasText: 'Train the apprentice' }).click();
    await screenshot('vscode-walkthrough-train');
    await page.locator('.getting-started-step.expanded').getByText('Train the apprentice').last().click();
    await workbench.view('.run-head');
  });

  it('trains the apprentice from its button, shows it go on, and chats with what came of it', async () => {
    workbench = await openWorkbench({ files: { 'mine.jsonl': '' } });
    const { page, sidebar, treeRow, view, reload, pick, folder, screenshot } = workbench;
    await sidebar('Merlina');
    await page.locator('.welcome-view').getByRole('button', { name: 'Train the apprentice' }).click();
    await treeRow(/apprentice-orpo.*step \d+\/\d+.*left/).waitFor({ timeout: TRAIN_LIMIT_MS });
    await page.locator('.statusbar-item', { hasText: /apprentice-orpo: step/ }).waitFor();
    await page.locator('.action-item .badge-content', { hasText: '1' }).first().waitFor();
    await screenshot('vscode-sidebar-running');

    const toast = page.locator('.notification-toast', { hasText: 'apprentice-orpo is ready' });
    await toast.waitFor({ timeout: TRAIN_LIMIT_MS });
    await toast.getByRole('button', { name: 'Chat' }).click();
    let chat = await view('.chat .composer');
    await chat.getByText('in memory').waitFor();
    await chat.getByRole('textbox', { name: 'Message' }).click();
    await page.keyboard.type('Who are you?');
    await page.keyboard.press('Enter');
    await chat.getByText('tokens/s').nth(1).waitFor();
    const answers = await chat.locator('.answer .text').allTextContents();
    assert.equal(answers.length, 2);
    assert.notEqual(answers[0], answers[1]);
    await screenshot('vscode-chat');

    await chat.getByRole('button', { name: 'The answer of apprentice-orpo is better' }).click();
    await pick('mine.jsonl');
    await chat.getByText('Pairs go to mine.jsonl').waitFor();
    const pair = JSON.parse(await readFile(path.join(folder, 'mine.jsonl'), 'utf8')) as Record<string, string>;
    assert.deepEqual(pair, { prompt: 'Who are you?', chosen: answers[1], rejected: answers[0] });

    await reload();
    chat = await view('.chat .composer');
    await chat.getByText(answers[1]!.split('\n')[0]!).first().waitFor();
    await treeRow('apprentice-orpo').waitFor();
    await screenshot('vscode-chat-reloaded');
  });
});
