/** Runs the suite in code-server's extension host, with a browser as its window. `node --import tsx test/suite/inCodeServer.ts [RESULTS.json]` */
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { format } from 'node:util';
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
  const log: string[] = [];
  const browser = await chromium.launch({ executablePath: findChromium(), args: CHROMIUM_ARGUMENTS });
  try {
    const page = await browser.newPage();
    const exit = new Promise<number>((resolve, reject) => {
      void page.exposeFunction('codeAutomationExit', resolve);
      setTimeout(() => reject(new Error(`The suite did not end within ${SUITE_LIMIT_MS / 1000} s.\n${server.log()}`)), SUITE_LIMIT_MS).unref();
    });
    // VS Code says much beside what mocha says; it is kept for the case that no results come.
    await page.exposeFunction('codeAutomationLog', (_kind: string, parts: unknown[]) => log.push(format(...parts)));
    const inServer = (file: string): string => `vscode-remote://${server.authority}${file}`;
    const payload = [['extensionDevelopmentPath', inServer(ROOT)], ['extensionTestsPath', inServer(await bundleSuite())]];
    await page.goto(`${server.url}?folder=${workspace}&payload=${encodeURIComponent(JSON.stringify(payload))}`);
    const code = await exit;
    await printResults(resultsFile, log);
    return code;
  } finally {
    await browser.close();
    await server.stop();
    await rm(state, { recursive: true, force: true });
  }
}

/** As `run()` in index.ts wrote them. */
async function printResults(file: string, log: readonly string[]): Promise<void> {
  const results = await readFile(file, 'utf8').then(text => JSON.parse(text) as { title: string; error?: string }[], () => undefined);
  if (!results) return console.error(['The suite gave no results.', ...log].join('\n'));
  for (const { title, error } of results) console.log(error === undefined ? `    ✔ ${title}` : `    FAILED ${title}\n${error}`);
}

process.exitCode = await main(path.resolve(process.argv[2] ?? path.join(ROOT, 'out/results-suite.json')));
