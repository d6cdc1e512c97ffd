/** package-lock.json installs behind any proxy: integrity, but no address, of each package. */
import type { Problem } from '../../src/shared/problem';

export interface Lockfile {
  packages?: Record<string, { resolved?: string; integrity?: string; link?: boolean }>;
}

export function checkLockfile({ packages = {} }: Lockfile): Problem[] {
  return Object.entries(packages).flatMap(([name, { resolved, integrity, link }]) => {
    if (name === '' || link) return [];
    const problems: Problem[] = [];
    if (resolved !== undefined) problems.push(problem(`"${name}" carries the address "${resolved}".`, 'Run `npm install` with the .npmrc of this repository.'));
    if (integrity === undefined) problems.push(problem(`"${name}" has no integrity.`, 'Install it from a registry.'));
    return problems;
  });
}

function problem(text: string, fix: string): Problem {
  return { id: 'check/lockfile', severity: 'error', text, where: { file: 'package-lock.json' }, fix: { text: fix } };
}
