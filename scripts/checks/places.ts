/** Nothing in the repository names a machine it was written on, or the package registry it was installed from. */
import type { Problem } from '../../src/shared/problem';
import { matches, type SourceFile } from './sourceFile';

/** An absolute path into somebody's home, or into a folder that exists on one machine only. */
const MACHINE_PATH = /(?<![\w.$}\])*/-])\/(?:root|work|home\/[\w.-]+|Users\/[\w.-]+)\/[\w.-]+/;
const DRIVE_PATH = /\b[A-Z]:\\{1,2}Users\\{1,2}\w+/;

const REGISTRY_HOST = /\bregistry\.[a-z0-9-]+\.[a-z]{2,}|\b(?:pypi|npmjs|yarnpkg|pythonhosted)\.(?:org|com)\b|\b[\w-]+\.pkg\.dev\b|\bartifactory\b|\bverdaccio\b/;

/** The patterns and their tests. */
const EXEMPT = /^scripts\/checks\/places\.ts$|^test\/scripts\//;

export function checkPlaces(sources: readonly SourceFile[]): Problem[] {
  return sources.filter(({ file }) => !EXEMPT.test(file)).flatMap(source => [
    ...find(source, MACHINE_PATH, 'names a path of one machine', 'Make it relative, or take it from the environment.'),
    ...find(source, DRIVE_PATH, 'names a path of one machine', 'Make it relative, or take it from the environment.'),
    ...find(source, REGISTRY_HOST, 'names a package registry', 'Leave it to the configuration of who installs.'),
  ]);
}

function find(source: SourceFile, pattern: RegExp, what: string, fix: string): Problem[] {
  return matches(source, pattern).map(({ match, place }): Problem => ({
    id: 'check/places',
    severity: 'error',
    text: `"${match[0]}" ${what}.`,
    where: place,
    fix: { text: fix },
  }));
}
