/** Writes the colours and fonts that VS Code gives to webviews, for the tests that show views without it. `node --import tsx scripts/testing/captureThemes.ts` */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { chromium } from 'playwright-core';
import { ROOT } from '../ensureInstalled.mjs';
import { CHROMIUM_ARGUMENTS, findChromium } from './chromium';
import { startVscodeServer } from './vscodeServer';

/** File name → VS Code's theme. */
const THEMES = { dark: 'Default Dark Modern', light: 'Default Light Modern', 'hc-dark': 'Default High Contrast', 'hc-light': 'Default High Contrast Light' };

const MANIFEST = { name: 'themes', publisher: 'test', version: '0.0.1', engines: { vscode: '^1.100.0' }, type: 'module', main: './main.mjs', activationEvents: ['*'] };
const MAIN = `import { window } from 'vscode';
export function activate() {
  const panel = window.createWebviewPanel('themes', 'themes', 1, { enableScripts: true });
  panel.webview.html = '<html><body><p id="here">here</p></body></html>';
}`;

async function capture(theme: string): Promise<{ kind: string; variables: Record<string, string> }> {
  const state = await mkdtemp(path.join(tmpdir(), 'merlina-themes-'));
  const extension = path.join(state, 'ext/test.themes-0.0.1');
  await mkdir(extension, { recursive: true });
  await writeFile(path.join(extension, 'package.json'), JSON.stringify(MANIFEST));
  await writeFile(path.join(extension, 'main.mjs'), MAIN);
  const server = await startVscodeServer(state, [], { 'workbench.colorTheme': theme });
  const browser = await chromium.launch({ executablePath: findChromium(), args: CHROMIUM_ARGUMENTS });
  try {
    const page = await browser.newPage();
    await page.goto(server.url);
    const body = page.frameLocator('iframe.webview.ready').frameLocator('#active-frame').locator('body');
    await body.locator('#here').waitFor({ timeout: 60_000 });
    return await body.evaluate(element => {
      const { style } = element.ownerDocument.documentElement;
      const names = Array.from({ length: style.length }, (_, i) => style.item(i)).filter(name => name.startsWith('--vscode-')).sort();
      return { kind: element.getAttribute('data-vscode-theme-kind') ?? '', variables: Object.fromEntries(names.map(name => [name, style.getPropertyValue(name)])) };
    });
  } finally {
    await browser.close();
    await server.stop();
    await rm(state, { recursive: true, force: true });
  }
}

for (const [name, theme] of Object.entries(THEMES)) {
  const file = path.join(ROOT, 'test/fixtures/themes', `${name}.json`);
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, `${JSON.stringify(await capture(theme), undefined, 1)}\n`);
  console.log(path.relative(ROOT, file));
}
