/** `npm run package [-- TARGET… | all]`: builds, and writes out/merlina-VERSION-TARGET.vsix for this machine, the named targets, or all. */
import { createVSIX } from '@vscode/vsce';
import { cp, mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { buildAll } from '../esbuild.mjs';
import { ROOT } from './ensureInstalled.mjs';
import { isNeeded, ownTarget, TARGETS, type Target } from './packaging/targets';

const OUT = path.join(ROOT, 'out');

/** What the package holds beside the native runtime; .vscodeignore says it once more for those who run vsce by hand. */
const OWN = ['package.json', 'package.nls.json', 'l10n', 'README.md', 'CHANGELOG.md', 'LICENSE', 'media', '.vscodeignore'];

/** onnxruntime-node loads its JavaScript as CommonJS, and nothing else of these packages. */
const COMMON_FILES = ['package.json', 'dist/cjs'];

interface Manifest {
  version: string;
  dependencies: Record<string, string>;
  devDependencies?: unknown;
  scripts?: unknown;
}

export async function makePackage(target: Target): Promise<string> {
  const manifest = await readJson(path.join(ROOT, 'package.json'));
  const file = path.join(OUT, `merlina-${manifest.version}-${target.name}.vsix`);
  const stage = path.join(OUT, 'stage', target.name);
  await rm(stage, { recursive: true, force: true });
  await mkdir(stage, { recursive: true });
  await stageOwnFiles(stage, manifest);
  await stageRuntime(stage, target);
  await createVSIX({ cwd: stage, packagePath: file, target: target.name, allowMissingRepository: true, rewriteRelativeLinks: false });
  await rm(stage, { recursive: true, force: true });
  return file;
}

/** Everything else is in the bundles, so the manifest names the native runtime as its only dependency. */
async function stageOwnFiles(stage: string, manifest: Manifest): Promise<void> {
  for (const name of OWN) await cp(path.join(ROOT, name), path.join(stage, name), { recursive: true });
  await cp(path.join(ROOT, 'dist'), path.join(stage, 'dist'), { recursive: true, filter: file => !file.endsWith('.map') });
  const { devDependencies: _development, scripts: _scripts, ...shipped } = manifest;
  await writeJson(path.join(stage, 'package.json'), { ...shipped, dependencies: { 'onnxruntime-node': manifest.dependencies['onnxruntime-node'] } });
}

/** Without the script that would fetch CUDA at install, and without what only that script needs. */
async function stageRuntime(stage: string, target: Target): Promise<void> {
  const from = path.join(ROOT, 'node_modules/onnxruntime-node');
  const to = path.join(stage, 'node_modules/onnxruntime-node');
  const files = (await readdir(from, { recursive: true, withFileTypes: true })).filter(entry => entry.isFile())
    .map(entry => path.relative(from, path.join(entry.parentPath, entry.name)).replaceAll(path.sep, '/'));
  for (const file of files.filter(name => isNeeded(name, target))) await cp(path.join(from, file), path.join(to, file));
  const { scripts: _scripts, dependencies, ...manifest } = await readJson(path.join(from, 'package.json'));
  await writeJson(path.join(to, 'package.json'), { ...manifest, dependencies: { 'onnxruntime-common': dependencies['onnxruntime-common'] } });
  for (const name of COMMON_FILES) {
    await cp(path.join(ROOT, 'node_modules/onnxruntime-common', name), path.join(stage, 'node_modules/onnxruntime-common', name), {
      recursive: true, filter: file => !/\.(?:map|d\.ts)$/.test(file),
    });
  }
}

async function readJson(file: string): Promise<Manifest> {
  return JSON.parse(await readFile(file, 'utf8')) as Manifest;
}

async function writeJson(file: string, value: unknown): Promise<void> {
  await writeFile(file, `${JSON.stringify(value, undefined, 2)}\n`);
}

function targetsOf(names: readonly string[]): readonly Target[] {
  if (names.length === 0) return [ownTarget()];
  if (names.includes('all')) return TARGETS;
  return names.map(name => {
    const target = TARGETS.find(one => one.name === name);
    if (!target) throw new Error(`There is no target "${name}". There are: ${TARGETS.map(one => one.name).join(', ')}, all.`);
    return target;
  });
}

if (import.meta.filename === path.resolve(process.argv[1] ?? '')) {
  const targets = targetsOf(process.argv.slice(2));
  await buildAll();
  for (const target of targets) {
    const file = await makePackage(target);
    console.log(`${((await stat(file)).size / 1e6).toFixed(1).padStart(6)} MB  ${path.relative(ROOT, file)}${target.binaries === undefined ? '  (no native runtime)' : ''}`);
  }
}
