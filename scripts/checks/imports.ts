/** Who may import whom: the direction rules of ARCHITECTURE.md, checked by dependency-cruiser. Types count too. */
import { cruise, type ICruiseResult, type IForbiddenRuleType } from 'dependency-cruiser';
import type { Problem } from '../../src/shared/problem';

/** Rooms with a closed list: they import themselves, these rooms, and packages. */
const MAY_IMPORT: Record<string, readonly string[]> = {
  shared: [],
  recipe: ['shared'],
  engine: ['shared'],
  models: ['shared'],
  datasets: ['models', 'shared'],
};

const room = (...names: string[]): string => `^src/(?:${names.join('|')})/`;

const closedRooms = Object.entries(MAY_IMPORT).map(([name, others]): IForbiddenRuleType => ({
  name: `${name}-imports-little`,
  comment: `${name} imports only ${['itself', ...others].join(', ')}.`,
  severity: 'error',
  from: { path: room(name) },
  to: { path: '^src/', pathNot: room(name, ...others) },
}));

/** Each has a fixture that fails it in test/scripts/imports.test.ts. */
export const IMPORT_RULES: readonly IForbiddenRuleType[] = [
  {
    name: 'vscode-only-in-its-room',
    comment: "Only src/vscode and src/extension.ts import 'vscode'. Pass the value in.",
    severity: 'error',
    from: { path: '^(?:src|webview|scripts)/', pathNot: ['^src/vscode/', '^src/extension\\.ts$'] },
    to: { path: '^(?:vscode|node_modules/@types/vscode/.*)$' },
  },
  ...closedRooms,
  {
    name: 'trainer-knows-no-host',
    comment: 'The trainer meets its host only in the run directory.',
    severity: 'error',
    from: { path: room('training') },
    to: { path: '^src/(?:jobs|server|vscode)/|^src/(?:cli|extension)\\.ts$' },
  },
  {
    name: 'host-starts-the-trainer-by-path',
    comment: 'jobs, server and vscode start the trainer as a process and follow its events.',
    severity: 'error',
    from: { path: '^src/(?:jobs|server|vscode)/|^src/extension\\.ts$' },
    to: { path: room('training') },
  },
  {
    name: 'readers-never-the-trainer',
    comment: 'preflight, inference and export read models/architectures, never the trainer.',
    severity: 'error',
    from: { path: room('preflight', 'inference', 'export') },
    to: { path: room('training') },
  },
  {
    name: 'webview-imports-shared',
    comment: 'webview/ imports from src/ only src/shared.',
    severity: 'error',
    from: { path: '^webview/' },
    to: { path: '^src/', pathNot: room('shared') },
  },
  {
    name: 'no-node-in-webview-and-shared',
    comment: 'webview and shared run in a browser too.',
    severity: 'error',
    from: { path: '^(?:webview|src/shared)/' },
    to: { dependencyTypes: ['core'] },
  },
  {
    name: 'shipped-code-imports-shipped-code',
    comment: 'src and webview import neither tests nor scripts.',
    severity: 'error',
    from: { path: '^(?:src|webview)/' },
    to: { path: '^(?:test|scripts)/' },
  },
  {
    name: 'shipped-packages-are-dependencies',
    comment: 'A package that the bundle needs stands under "dependencies" of package.json.',
    severity: 'error',
    from: { path: '^(?:src|webview)/' },
    to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'], dependencyTypesNot: ['type-only'], pathNot: '^node_modules/@types/' },
  },
  {
    name: 'no-cycles-between-rooms',
    comment: 'Two rooms that import one another are one room.',
    severity: 'error',
    scope: 'folder',
    from: { path: '^(?:src|webview)/[^/]+$' },
    to: { circular: true },
  },
];

/** Problems of the folders (relative to `root`), in the order of IMPORT_RULES. */
export async function checkImports(root: string, folders: readonly string[]): Promise<Problem[]> {
  const { output } = await cruise(
    [...folders],
    {
      baseDir: root,
      validate: true,
      ruleSet: { forbidden: [...IMPORT_RULES] },
      tsPreCompilationDeps: true, // type-only imports too
      doNotFollow: { path: 'node_modules' },
      exclude: { path: '^test/fixtures/' },
    },
    { extensions: ['.ts', '.tsx', '.mjs', '.js'] },
  );
  return dropMirrored((output as ICruiseResult).summary.violations).map(({ rule, from, to, cycle }): Problem => {
    const path = cycle ? [from, ...cycle.map(step => step.name)].join(' → ') : `${from} → ${to}`;
    const comment = IMPORT_RULES.find(({ name }) => name === rule.name)?.comment ?? rule.name;
    return { id: `check/imports/${rule.name}`, severity: 'error', text: `${path}.`, where: { file: from }, fix: { text: comment } };
  });
}

/** A cycle a → b → a is reported from a and from b; once is enough. */
function dropMirrored<T extends { from: string; cycle?: { name: string }[] }>(violations: readonly T[]): T[] {
  const seen = new Set<string>();
  return violations.filter(({ from, cycle }) => {
    if (!cycle) return true;
    const members = [...new Set([from, ...cycle.map(({ name }) => name)])].sort().join(' ');
    return !seen.has(members) && seen.add(members);
  });
}
