/** A view in a browser without VS Code around it: the built page, a theme as VS Code gives it, and a host that the test plays. */
import { createServer, type Server } from 'node:http';
import { mkdir, readFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { createRequire } from 'node:module';
import { chromium, type Browser, type Page } from 'playwright-core';
import { CHROMIUM_ARGUMENTS, findChromium } from '../../scripts/testing/chromium';
import { ROOT } from '../../scripts/ensureInstalled.mjs';
import type { ViewBoot } from '../../src/shared/panels/envelope';

export const THEMES = ['dark', 'light', 'hc-dark', 'hc-light'] as const;
export type Theme = (typeof THEMES)[number];

/** Answers the view's requests, by method; what it throws is the failure's text. */
export type FakeHost = Record<string, (params: never) => unknown>;

export interface OpenedView {
  page: Page;
  /** Every request so far. */
  requests: { method: string; params: unknown }[];
  /** Messages of the view that are bugs, and errors of the page. */
  crashes: string[];
  send(message: { type: 'snapshot'; state: unknown } | { type: 'increment'; increment: unknown }): Promise<void>;
  /** Keeps a picture in out/screenshots/. */
  screenshot(name: string): Promise<void>;
  /** axe's findings that are serious or critical, a line each. */
  accessibilityFaults(): Promise<string[]>;
  close(): Promise<void>;
}

export interface ViewSetting {
  theme?: Theme;
  /** What the view is shown once it is ready. */
  state?: unknown;
  host?: FakeHost;
  boot?: Partial<ViewBoot>;
  width?: number;
  height?: number;
}

const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

let shared: Promise<{ browser: Browser; server: Server; origin: string }> | undefined;

/** One browser and one server for all views of a test run. */
function machinery(): NonNullable<typeof shared> {
  return (shared ??= (async () => {
    const server = createServer((request, response) => {
      const name = path.basename(new URL(request.url ?? '/', 'http://view').pathname);
      readFile(path.join(ROOT, 'dist/webview', name)).then(
        bytes => response.setHeader('content-type', TYPES[path.extname(name)] ?? 'application/octet-stream').end(bytes),
        () => { response.statusCode = 404; response.end(); },
      );
    });
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
    const browser = await chromium.launch({ executablePath: findChromium(), args: CHROMIUM_ARGUMENTS });
    return { browser, server, origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
  })());
}

/** Ends browser and server; call it in the suite's `after`. */
export async function closeViews(): Promise<void> {
  const machines = await shared;
  shared = undefined;
  await machines?.browser.close();
  machines?.server.close();
}

const TYPES: Record<string, string> = { '.js': 'text/javascript', '.css': 'text/css', '.ttf': 'font/ttf' };

export async function openView(name: string, { theme = 'dark', state, host = {}, boot = {}, width = 1000, height = 800 }: ViewSetting = {}): Promise<OpenedView> {
  const { browser, origin } = await machinery();
  const context = await browser.newContext({ viewport: { width, height } });
  const page = await context.newPage();
  const requests: OpenedView['requests'] = [];
  const crashes: string[] = [];
  const post = (message: unknown): Promise<void> => page.evaluate(data => window.postMessage(data, '*'), message);

  page.on('pageerror', error => crashes.push(error.stack ?? error.message));
  await page.exposeFunction('toHost', async (message: { type: string; id: number; method: string; params: unknown; text?: string }) => {
    if (message.type === 'ready' && state !== undefined) await post({ type: 'snapshot', state });
    else if (message.type === 'crashed') crashes.push(message.text ?? '');
    else if (message.type === 'request') {
      requests.push({ method: message.method, params: message.params });
      await answer(host, message).then(post);
    }
  });
  await page.route(`${origin}/page`, async route => route.fulfill({ contentType: 'text/html', body: await pageOf(name, theme, boot) }));
  await page.goto(`${origin}/page`);

  return {
    page, requests, crashes,
    send: post,
    async screenshot(file) {
      await mkdir(path.join(ROOT, 'out/screenshots'), { recursive: true });
      await page.screenshot({ path: path.join(ROOT, 'out/screenshots', `${file}.png`) });
    },
    async accessibilityFaults() {
      await page.addScriptTag({ path: AXE });
      const violations = await page.evaluate(async () => {
        const { axe } = window as unknown as { axe: { run(): Promise<{ violations: { id: string; impact: string; nodes: { html: string; failureSummary: string }[] }[] }> } };
        return (await axe.run()).violations;
      });
      return violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')
        .flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary}`));
    },
    close: () => context.close(),
  };
}

async function answer(host: FakeHost, { id, method, params }: { id: number; method: string; params: unknown }): Promise<unknown> {
  try {
    const handler = host[method];
    if (!handler) throw new Error(`The test's host does not answer "${method}".`);
    return { type: 'reply', id, value: await handler(params as never) };
  } catch (error) {
    return { type: 'failed', id, problems: [{ id: 'test/failed', severity: 'error', text: error instanceof Error ? error.message : String(error) }] };
  }
}

/** As src/vscode/views/viewPage.ts makes it, with the theme's variables where VS Code puts them. */
async function pageOf(name: string, theme: Theme, boot: Partial<ViewBoot>): Promise<string> {
  const { kind, variables } = JSON.parse(await readFile(path.join(ROOT, 'test/fixtures/themes', `${theme}.json`), 'utf8')) as { kind: string; variables: Record<string, string> };
  const style = Object.entries(variables).map(([key, value]) => `${key}: ${value}`).join('; ').replaceAll('"', '&quot;');
  const whole: ViewBoot = { subject: null, strings: {}, language: 'en', isMagical: true, ...boot };
  return `<!DOCTYPE html><html lang="en" style="${style}"><head><meta charset="utf-8"><title>Merlina</title>
<link rel="stylesheet" href="ui.css"><link rel="stylesheet" href="${name}.css"></head>
<body class="${kind}" data-vscode-theme-kind="${kind}"><main id="merlina"></main>
<script type="application/json" id="merlina-boot">${JSON.stringify(whole).replaceAll('<', '\\u003c')}</script>
<script>
let saved;
window.acquireVsCodeApi = () => ({ postMessage: message => void window.toHost(message), getState: () => saved, setState: state => { saved = state; } });
</script>
<script src="${name}.js"></script></body></html>`;
}
