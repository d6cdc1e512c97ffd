/** A real workbench with the extension installed, in a browser, as a user has it: what is needed to drive it. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { chromium, type Frame, type Locator, type Page } from 'playwright-core';
import { CHROMIUM_ARGUMENTS, findChromium } from '../../scripts/testing/chromium';
import { ROOT } from '../../scripts/ensureInstalled.mjs';
import { installExtension, startVscodeServer } from '../../scripts/testing/vscodeServer';
import { makePackage } from '../../scripts/package';
import { ownTarget } from '../../scripts/packaging/targets';

const RELOAD_ATTEMPTS = 3;
const RELOAD_LIMIT_MS = 20_000;
const PALETTE_ATTEMPTS = 20;
const TERMINAL_LIMIT_MS = 60_000;
const VIEW_LIMIT_MS = 30_000;

const WINDOW = { width: 1280, height: 800 };

/** One window of VS Code. */
export interface WorkbenchWindow {
  page: Page;
  /** Runs a command by what the palette shows, "Merlina: Train", and chooses the rows with these texts in the quick pick that it opens. */
  palette: (command: string, ...picks: string[]) => Promise<void>;
  /** Chooses the row of the open quick pick that holds the text. */
  pick: (text: string | RegExp) => Promise<void>;
  /** Types into the open input box, and Enter. */
  answer: (text: string) => Promise<void>;
  /** The page of the webview that holds the selector. Views come and go with reloads, so it is looked for anew each time.  Throws after the limit. */
  view: (selector: string, limitMs?: number) => Promise<Frame>;
  /** A row of any tree (explorer, Merlina's sidebar) with the text. */
  treeRow: (text: string | RegExp) => Locator;
  /** Right click, and the entry with the text; it comes once the extension's manifest is read. */
  contextMenu: (target: Locator, entry: string) => Promise<void>;
  /** Opens the sidebar that the activity bar calls so. */
  sidebar: (name: string) => Promise<void>;
  /** What the integrated terminal shows once that holds the pattern; lines that it breaks are joined.  Throws with the text after the limit. */
  terminalShows: (pattern: RegExp, limitMs?: number) => Promise<string>;
  /** By VS Code's own command, which writes down what is open: everything else that is only in memory is gone. */
  reload: () => Promise<void>;
  /** Keeps a picture in out/screenshots/. */
  screenshot: (name: string) => Promise<void>;
}

export interface Workbench extends WorkbenchWindow {
  /** The folder that is open. */
  folder: string;
  /** Another window on the same folder and extension. */
  secondWindow: () => Promise<WorkbenchWindow>;
  close: () => Promise<void>;
}

export interface WorkbenchSetting {
  /** What lies in the open folder, by name. */
  files?: Record<string, string>;
  /** Of VS Code: "workbench.colorTheme". */
  settings?: Record<string, unknown>;
}

export async function openWorkbench({ files = {}, settings = {} }: WorkbenchSetting = {}): Promise<Workbench> {
  const state = await mkdtemp(path.join(tmpdir(), 'merlina-workbench-'));
  const folder = path.join(state, 'workspace');
  await mkdir(folder);
  for (const [name, text] of Object.entries(files)) await writeFile(path.join(folder, name), text);
  await installExtension(state, await (packed ??= makePackage(ownTarget())));
  const server = await startVscodeServer(state, [], settings);
  const browser = await chromium.launch({ executablePath: findChromium(), args: CHROMIUM_ARGUMENTS });
  const close = async (): Promise<void> => {
    await browser.close();
    await server.stop();
    // A trainer outlives its window, and ends when its run directory is gone; until then it writes there.
    await rm(state, { recursive: true, force: true, maxRetries: 10, retryDelay: 500 });
  };
  const openWindow = async (): Promise<WorkbenchWindow> => {
    const page = await browser.newPage({ viewport: WINDOW });
    await page.goto(`${server.url}?folder=${folder}`);
    await page.locator('.monaco-workbench .part.editor').waitFor();
    return driver(page);
  };
  try {
    return { folder, close, secondWindow: openWindow, ...await openWindow() };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Closes the workbench, after a picture of it where the test's attempt failed. There is none where it did not open. */
export async function endTest(test: { title: string; state?: string | undefined } | undefined, workbench: Workbench | undefined): Promise<void> {
  // An attempt that is followed by another has no state.
  if (test && test.state !== 'passed') await workbench?.screenshot(`failed-${test.title}`.replaceAll(/\W+/g, '-'));
  await workbench?.close();
}

/** Packed once for all workbenches of a run: what is tested is what users install. */
let packed: Promise<string> | undefined;

function driver(page: Page): WorkbenchWindow {
  const input = page.locator('.quick-input-widget input[type="text"]');
  const rows = page.locator('.quick-input-list .monaco-list-row');
  const row = (text: string | RegExp): Locator => rows.filter({ hasText: text }).first();
  const run = async (command: string): Promise<void> => {
    // "Merlina: Train" is no "Merlina: Train with This Dataset".
    const entry = rows.filter({ has: page.locator('.label-name', { hasText: new RegExp(`^${command.replaceAll('.', '\\.')}$`) }) }).first();
    // The list does not grow while it is open, extensions register a moment after the window stands, and a view that is just being closed swallows F1.
    for (let attempt = 1; ; attempt++) {
      await page.keyboard.press('Escape');
      await page.keyboard.press('F1');
      try {
        await input.fill(`>${command}`, { timeout: 1000 });
        await entry.click({ timeout: 3000 });
        return;
      } catch (error) {
        if (attempt === PALETTE_ATTEMPTS) throw error;
      }
    }
  };
  return {
    page,
    async palette(command, ...picks) {
      await run(command);
      for (const text of picks) await row(text).click();
    },
    async pick(text) {
      await row(text).click();
    },
    async answer(text) {
      await input.fill(text);
      await input.press('Enter');
    },
    async view(selector, limitMs = VIEW_LIMIT_MS) {
      for (const start = performance.now(); ; await page.waitForTimeout(100)) {
        for (const frame of page.frames()) {
          if (frame !== page.mainFrame() && await frame.locator(selector).first().isVisible().catch(() => false)) return frame;
        }
        if (performance.now() - start > limitMs) throw new Error(`No view holds "${selector}".`);
      }
    },
    treeRow: text => page.locator('.pane-body .monaco-list-row, .explorer-folders-view .monaco-list-row').filter({ hasText: text }).first(),
    async contextMenu(target, entry) {
      const label = page.locator('.context-view .action-label', { hasText: entry });
      for (let attempt = 0; attempt < PALETTE_ATTEMPTS && !(await label.isVisible()); attempt++) {
        await page.keyboard.press('Escape');
        await target.click({ button: 'right' });
        await label.waitFor({ timeout: 1000 }).catch(() => undefined);
      }
      // A menu takes no clicks in its first moment.
      while (await label.isVisible()) await label.click({ timeout: 1000 }).catch(() => undefined);
    },
    async sidebar(name) {
      await page.locator(`.part.activitybar .action-item a[aria-label^="${name}"]`).click();
    },
    async terminalShows(pattern, limitMs = TERMINAL_LIMIT_MS) {
      for (const start = performance.now(); ; await page.waitForTimeout(100)) {
        const text = await terminalText(page);
        if (pattern.test(text)) return text;
        if (performance.now() - start > limitMs) throw new Error(`The terminal does not show ${pattern}:\n${text}`);
      }
    },
    async reload() {
      // A window that has something left to write may stay as it is, without a word; so it is asked again.
      for (let attempt = 1; ; attempt++) {
        const loaded = page.waitForEvent('load', { timeout: RELOAD_LIMIT_MS });
        const [outcome] = await Promise.allSettled([loaded, run('Developer: Reload Window')]);
        if (outcome.status === 'fulfilled') break;
        if (attempt === RELOAD_ATTEMPTS) throw outcome.reason;
      }
      await page.locator('.monaco-workbench .part.editor').waitFor();
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
