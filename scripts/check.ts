/** `npm run check`: every rule about the repository itself. Prints what fails, and the size of each room. */
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { renderProblem, type Problem } from '../src/shared/problem';
import { checkGenerated } from './checks/generated';
import { checkImports } from './checks/imports';
import { checkLockfile, type Lockfile } from './checks/lockfile';
import { checkManifest, type Manifest } from './checks/manifest';
import { checkPlaces } from './checks/places';
import { renderSizes, roomSizes } from './checks/sizes';
import type { SourceFile } from './checks/sourceFile';
import { checkWords } from './checks/words';
import { generatedFiles } from './generatedFiles';

const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');

/** Larger files are data: references and models, which other tests read. */
const TEXT_LIMIT_BYTES = 300_000;

async function main(): Promise<void> {
  const lint = runLint();
  const texts = trackedTexts();
  const sources = texts.filter(({ file }) => file.startsWith('src/') || file.startsWith('webview/'));
  const groups: [string, Problem[]][] = [
    ['imports', await checkImports(ROOT, ['src', 'scripts', ...['webview'].filter(folder => existsSync(path.join(ROOT, folder)))])],
    ['manifest', checkManifest({ manifest: json<Manifest>('package.json'), nls: json('package.nls.json'), bundle: json('l10n/bundle.l10n.json'), sources })],
    ['words', checkWords(texts)],
    ['places', checkPlaces(texts)],
    ['lockfile', checkLockfile(json<Lockfile>('package-lock.json'))],
    ['generated', checkGenerated(generatedFiles(), read)],
  ];
  for (const [name, problems] of groups) {
    console.log(`${problems.length === 0 ? 'ok  ' : 'FAIL'} ${name}`);
    for (const problem of problems) console.log(`     ${renderProblem(problem)}`);
  }
  const linted = await lint;
  console.log(`${linted.isClean ? 'ok  ' : 'FAIL'} lint\n${linted.output}`.trimEnd());
  console.log(`\n${renderSizes(roomSizes(sources))}`);
  process.exitCode = linted.isClean && groups.every(([, problems]) => problems.length === 0) ? 0 : 1;
}

/** ESLint takes the longest, so it runs beside the rest. */
function runLint(): Promise<{ isClean: boolean; output: string }> {
  const eslint = path.join(ROOT, 'node_modules/eslint/bin/eslint.js');
  const child = spawn(process.execPath, [eslint, '.', '--cache', '--cache-location', 'node_modules/.cache/eslint/', '--max-warnings', '0'], { cwd: ROOT });
  let output = '';
  const keep = (chunk: Buffer): void => { output += chunk.toString(); };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', code => resolve({ isClean: code === 0, output }));
  });
}

/** Files that git has or would add, as text; without the large and the binary. */
function trackedTexts(): SourceFile[] {
  const names = execFileSync('git', ['ls-files', '-co', '--exclude-standard', '-z'], { cwd: ROOT, maxBuffer: 1 << 26 }).toString().split('\0');
  return names.flatMap(file => {
    const bytes = file === '' || !existsSync(path.join(ROOT, file)) ? undefined : readFileSync(path.join(ROOT, file));
    return bytes && bytes.length <= TEXT_LIMIT_BYTES && !bytes.includes(0) ? [{ file, text: bytes.toString() }] : [];
  });
}

function read(file: string): string | undefined {
  const absolute = path.join(ROOT, file);
  return existsSync(absolute) ? readFileSync(absolute, 'utf8') : undefined;
}

function json<T = Record<string, string>>(file: string): T {
  return JSON.parse(read(file) ?? '{}') as T;
}

await main();
