/** A real workbench with the extension installed, in a browser, as a user has it: what is needed to drive it. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { chromium, type Page } from 'playwright-core';
import { CHROMIUM_ARGUMENTS, findChromium } from '../../scripts/testing/chromium';
import { ROOT } from '../../scripts/ensureInstalled.mjs';
import { installExtension, startVscodeServer } from '../../scripts/testing/vscodeServer';
import { makePackage } from '../../scripts/package';
import { ownTarget } from '../../scripts/packaging/targets';

const PALETTE_ATTEMPTS = 20;
const TERMINAL_LIMIT_MS = 60_000;

const WINDOW = { width: 1280, height: 800 };

export interface Workbench {
  page: Page;
  /** The folder that is open. */
  folder: string;
  /** Runs a command by what the palette shows: "Merlina: Train". */
  palette: (command: string) => Promise<void>;
  /** Chooses the row of the open quick pick that holds the text. */
  pick: (text: string) => Promise<void>;
  /** What the integrated terminal shows once that holds the pattern; lines that it breaks are joined.  Throws with the text after the limit. */
  terminalShows: (pattern: RegExp, limitMs?: number) => Promise<string>;
  /** Keeps a picture in out/screenshots/. */
  screenshot: (name: string) => Promise<void>;
  close: () => Promise<void>;
}

/** `files`: what lies in the open folder, by name. */
export async function openWorkbench(files: Record<string, string> = {}): Promise<Workbench> {
  const state = await mkdtemp(path.join(tmpdir(), 'merlina-workbench-'));
  const folder = path.join(state, 'workspace');
  await mkdir(folder);
  for (const [name, text] of Object.entries(files)) await writeFile(path.join(folder, name), text);
  await installExtension(state, await (packed ??= makePackage(ownTarget())));
  const server = await startVscodeServer(state);
  const browser = await chromium.launch({ executablePath: findChromium(), args: CHROMIUM_ARGUMENTS });
  const close = async (): Promise<void> => {
    await browser.close();
    await server.stop();
    await rm(state, { recursive: true, force: true });
  };
  try {
    const page = await browser.newPage({ viewport: WINDOW });
    await page.goto(`${server.url}?folder=${folder}`);
    await page.locator('.monaco-workbench .part.editor').waitFor();
    return { page, folder, close, ...driver(page) };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Packed once for all workbenches of a run: what is tested is what users install. */
let packed: Promise<string> | undefined;

function driver(page: Page): Pick<Workbench, 'palette' | 'pick' | 'terminalShows' | 'screenshot'> {
  const input = page.locator('.quick-input-widget input[type="text"]');
  const rows = page.locator('.quick-input-list .monaco-list-row');
  return {
    async palette(command) {
      const row = rows.filter({ hasText: command }).first();
      // The list does not grow while it is open, and extensions register a moment after the window stands.
      for (let attempt = 0; attempt < PALETTE_ATTEMPTS && !(await row.isVisible()); attempt++) {
        await page.keyboard.press('Escape');
        await page.keyboard.press('F1');
        await input.fill(`>${command}`);
        await row.waitFor({ timeout: 1000 }).catch(() => undefined);
      }
      await row.click();
    },
    async pick(text) {
      await rows.filter({ hasText: text }).first().click();
    },
    async terminalShows(pattern, limitMs = TERMINAL_LIMIT_MS) {
      for (const start = performance.now(); ; await page.waitForTimeout(100)) {
        const text = await terminalText(page);
        if (pattern.test(text)) return text;
        if (performance.now() - start > limitMs) throw new Error(`The terminal does not show ${pattern}:\n${text}`);
      }
    },
    async screenshot(name) {
      await page.screenshot({ path: path.join(ROOT, 'out/screenshots', `${name}.png`) });
    },
  };
}

/** A row as wide as the terminal goes on in the next. */
async function terminalText(page: Page): Promise<string> {
  const rows = (await page.locator('.terminal-wrapper .xterm-rows > div').allTextContents()).map(row => row.replaceAll('\u00a0', ' '));
  const width = Math.max(...rows.map(row => row.length));
  return rows.map(row => (row.length === width ? row : `${row}\n`)).join('');
}
