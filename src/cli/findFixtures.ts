/** Finds reference fixtures by their layout, under a folder that is the whole of it or any part. */
import fs from 'node:fs';
import path from 'node:path';
import { problemError } from '../shared/problem';
import { KNOWN_WITHOUT_RUNNER, PARITY_KINDS } from '../training/parity';
import type { ParityKind } from '../training/parity';

export interface Fixture {
  readonly file: string;
  /** Undefined with the reason where it is known but cannot be run. */
  readonly kind: ParityKind | undefined;
  readonly reason?: string;
}

/** The reference's layout is four folders deep; more would be somebody's home. */
const MAX_DEPTH = 5;
const PASSED_OVER = new Set(['node_modules', 'generate']);

/** In order of path. Throws ProblemError where nothing is there or nothing is known. */
export function findFixtures(root: string): Fixture[] {
  const isFolder = fs.statSync(root, { throwIfNoEntry: false })?.isDirectory();
  if (isFolder === undefined) {
    throw problemError('cli/no-fixtures', 'There is no such file or folder.', { where: { file: root }, fix: { text: 'Name the folder of reference fixtures, or one of them.' } });
  }
  const fixtures = (isFolder ? walk(root, 0) : [path.resolve(root)]).flatMap((file): Fixture[] => {
    const kinds = PARITY_KINDS.filter(kind => kind.matches(file));
    if (kinds.length > 0) return kinds.map(kind => ({ file, kind }));
    const reason = KNOWN_WITHOUT_RUNNER[path.basename(file)];
    return reason === undefined ? [] : [{ file, kind: undefined, reason }];
  });
  if (fixtures.length === 0) {
    throw problemError('cli/no-fixtures', 'No reference fixture was found.', {
      where: { file: root },
      fix: { text: `Known kinds: ${PARITY_KINDS.map(({ id }) => id).join(', ')}.` },
    });
  }
  return fixtures;
}

function walk(folder: string, depth: number): string[] {
  if (depth > MAX_DEPTH) return [];
  return fs.readdirSync(folder, { withFileTypes: true })
    .filter(entry => !entry.name.startsWith('.') && !PASSED_OVER.has(entry.name))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap(entry => {
      const file = path.resolve(folder, entry.name);
      return entry.isDirectory() ? walk(file, depth + 1) : [file];
    });
}
