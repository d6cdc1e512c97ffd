/** Runs the suite in code-server's extension host, with a browser as its window. `node --import tsx test/suite/inCodeServer.ts [RESULTS.json]` */
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { chromium } from 'playwright-core';
import { CHROMIUM_ARGUMENTS, findChromium } from '../../scripts/testing/chromium';
import { startVscodeServer } from '../../scripts/testing/vscodeServer';
import { bundleSuite, ROOT } from './bundle';

/** 6–10 s are usual; a machine that also trains may need more. */
const SUITE_LIMIT_MS = 180_000;

async function main(resultsFile: string): Promise<number> {
  const state = await mkdtemp(path.join(tmpdir(), 'merlina-suite-'));
  const workspace = path.join(state, 'workspace');
  await mkdir(workspace);
  process.env.MERLINA_SUITE_RESULTS = resultsFile;
  const server = await startVscodeServer(state, ['--enable-smoke-test-driver']);
  const browser = await chromium.launch({ executablePath: findChromium(), args: CHROMIUM_ARGUMENTS });
  try {
    const page = await browser.newPage();
    const exit = new Promise<number>((resolve, reject) => {
      void page.exposeFunction('codeAutomationExit', resolve);
      setTimeout(() => reject(new Error(`The suite did not end within ${SUITE_LIMIT_MS / 1000} s.\n${server.log()}`)), SUITE_LIMIT_MS).unref();
    });
    // mocha writes to "log"; what VS Code itself warns about (no native log file here) is another's concern.
    await page.exposeFunction('codeAutomationLog', (kind: string, parts: unknown[]) => { if (kind === 'log') console.log(...parts); });
    const inServer = (file: string): string => `vscode-remote://${server.authority}${file}`;
    const payload = [['extensionDevelopmentPath', inServer(ROOT)], ['extensionTestsPath', inServer(await bundleSuite())]];
    await page.goto(`${server.url}?folder=${workspace}&payload=${encodeURIComponent(JSON.stringify(payload))}`);
    return await exit;
  } finally {
    await browser.close();
    await server.stop();
    await rm(state, { recursive: true, force: true });
  }
}

process.exitCode = await main(path.resolve(process.argv[2] ?? path.join(ROOT, 'out/results-suite.json')));
