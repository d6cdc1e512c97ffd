/** Installs the dependencies when they are missing or of another commit. Plain Node, because nothing may be installed yet. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');

export function ensureInstalled() {
  if (!isInstalled(packagesOf('package-lock.json'), packagesOf('node_modules/.package-lock.json'))) run(npm(), ['ci', '--no-audit', '--no-fund']);
}

/** Runs a program in the repository's root with this terminal, and ends with its status where that is not 0. */
export function run([program, ...first], args) {
  const { status, signal, error } = spawnSync(program, [...first, ...args], { cwd: ROOT, stdio: 'inherit', shell: program.endsWith('.cmd') });
  if (error) throw error;
  if (status !== 0) process.exit(status ?? (signal === 'SIGINT' ? 130 : 1));
}

/** npm notes what it installed in a lock file of its own: every package that is not optional must be there, in the same version. */
export function isInstalled(wanted, installed) {
  if (!wanted || !installed) return false;
  return Object.entries(wanted).every(([name, { version, optional, devOptional }]) => {
    if (name === '') return true;
    const there = installed[name];
    return there ? there.version === version : Boolean(optional ?? devOptional);
  });
}

function packagesOf(file) {
  try {
    return JSON.parse(readFileSync(path.join(ROOT, file), 'utf8')).packages;
  } catch {
    return undefined; // not there, or cut off by an interrupted install
  }
}

/** The npm that runs this script; without one (`node scripts/demo.mjs`), the one on PATH. */
function npm() {
  const script = process.env.npm_execpath;
  return script ? [process.execPath, script] : [process.platform === 'win32' ? 'npm.cmd' : 'npm'];
}
