/** Builds dist/: extension, CLI, trainer and service with the chunks they share, and the pages of the views. `--watch` rebuilds on change. */
import { build, context } from 'esbuild';
import { chmod, copyFile, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const ROOT = path.dirname(fileURLToPath(import.meta.url));
const DIST = path.join(ROOT, 'dist');

/** onnxruntime-node finds its libraries beside its own files, so it is never bundled. */
const NATIVE = ['onnxruntime-node'];

/** Packages in CommonJS that were bundled into an ES module still call `require` for Node's own modules, and ask for their folder. */
const REQUIRE_BANNER =
  "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url); const __dirname = import.meta.dirname;";

/** jsonc-parser's CommonJS build asks for its parts through a function, which no bundler follows; its ES modules are the same code. */
const ALIAS = { 'jsonc-parser': 'jsonc-parser/lib/esm/main.js' };

/** sql.js reads its WebAssembly from a file beside the bundles. */
const SQL_WASM = 'sql-wasm.wasm';

const common = {
  absWorkingDir: ROOT,
  bundle: true,
  alias: ALIAS,
  platform: 'node',
  target: 'node20',
  sourcemap: true,
  minifySyntax: true,
  legalComments: 'none',
  logLevel: 'warning',
  metafile: true,
};

/** Splitting makes each dynamic import a file of its own: a command, or a moment in the editor, reads only what it needs. */
export const nodeOptions = {
  ...common,
  entryPoints: { extension: 'src/extension.ts', cli: 'src/cli.ts', trainer: 'src/training/main.ts', service: 'src/service/main.ts', databaseWorker: 'src/jobs/store/databaseWorker.ts', deviceTest: 'src/devices/deviceTestMain.ts' },
  outdir: 'dist',
  outExtension: { '.js': '.mjs' },
  chunkNames: 'chunks/[name]-[hash]',
  format: 'esm',
  splitting: true,
  external: ['vscode', ...NATIVE],
  banner: { js: REQUIRE_BANNER },
};

const WEBVIEW = path.join(ROOT, 'webview');

/** Folders of webview/ with a page of their own. */
export const VIEWS = readdirSync(WEBVIEW).filter(name => existsSync(path.join(WEBVIEW, name, 'index.tsx'))).sort();

/** One script and one style a view, and the style that all share. */
export const webviewOptions = {
  ...common,
  platform: 'browser',
  target: 'es2022',
  minify: true,
  format: 'iife',
  jsx: 'automatic',
  jsxImportSource: 'preact',
  loader: { '.ttf': 'file' },
  assetNames: '[name]',
  entryPoints: { ui: 'webview/ui/ui.css', ...Object.fromEntries(VIEWS.map(name => [name, `webview/${name}/index.tsx`])) },
  outdir: 'dist/webview',
};

/** Hashed chunks of earlier builds would pile up, and travel in the package. */
async function removeStaleChunks(metafile) {
  const current = new Set(Object.keys(metafile.outputs).map(file => path.resolve(ROOT, file)));
  const folder = path.join(DIST, 'chunks');
  for (const name of await readdir(folder).catch(() => [])) {
    const file = path.join(folder, name);
    if (!current.has(file)) await rm(file, { force: true });
  }
}

async function makeExecutable(file) {
  if (!existsSync(file)) return;
  const text = await readFile(file, 'utf8');
  if (!text.startsWith('#!')) await writeFile(file, `#!/usr/bin/env node\n${text}`);
  await chmod(file, 0o755);
}

/** What one build left, for callers that look into it (the tests do). */
export async function buildAll() {
  const [nodeResult, webviewResult] = await Promise.all([build(nodeOptions), build(webviewOptions)]);
  await removeStaleChunks(nodeResult.metafile);
  await makeExecutable(path.join(DIST, 'cli.mjs'));
  await copyFile(path.join(ROOT, 'node_modules/sql.js/dist', SQL_WASM), path.join(DIST, SQL_WASM));
  return { node: nodeResult.metafile, webview: webviewResult.metafile };
}

async function watch() {
  for (const options of [nodeOptions, webviewOptions]) await (await context({ ...options, logLevel: 'info' })).watch();
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  if (process.argv.includes('--watch')) await watch();
  else await buildAll();
}
