/** Bundles the suite to out/suite/: the extension host loads CommonJS. Gives the file that VS Code is told to run. */
import { build } from 'esbuild';
import { rmSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { nodeOptions } from '../../esbuild.mjs';

export const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');

export async function bundleSuite(): Promise<string> {
  const outdir = path.join(ROOT, 'out/suite');
  rmSync(outdir, { recursive: true, force: true });
  await build({
    absWorkingDir: ROOT,
    entryPoints: ['test/suite/index.ts', 'test/suite/*.test.ts'],
    outdir,
    outExtension: { '.js': '.cjs' },
    bundle: true,
    ...(nodeOptions.alias && { alias: nodeOptions.alias }),
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    external: ['vscode', 'mocha'],
    sourcemap: 'inline',
    logLevel: 'warning',
  });
  return path.join(outdir, 'index.cjs');
}
