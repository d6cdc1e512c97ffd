/** Who may import whom: the direction rules of ARCHITECTURE.md, checked by dependency-cruiser. Types count too. */
import { cruise, type ICruiseResult, type IForbiddenRuleType } from 'dependency-cruiser';
import type { Problem } from '../../src/shared/problem';
import { roomCycles } from './roomCycles';

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
    name: 'service-knows-no-host',
    comment: 'The service answers requests; it knows neither who asks nor the trainer.',
    severity: 'error',
    from: { path: room('service') },
    to: { path: '^src/(?:training|jobs|server|vscode)/|^src/(?:cli|extension)\\.ts$' },
  },
  {
    name: 'host-knows-the-service-by-contract',
    comment: 'The host starts the service by path; of its code it imports contracts.',
    severity: 'error',
    from: { path: '^src/vscode/|^src/extension\\.ts$' },
    to: { path: room('service'), pathNot: '[cC]ontract\\.ts$' },
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
];

/** dependency-cruiser's own rule for folders takes src/a/deep for another folder than src/a, and so misses cycles through it. */
export const NO_ROOM_CYCLES = 'no-cycles-between-rooms';

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
  const { modules, summary } = output as ICruiseResult;
  const edges = modules.flatMap(({ source, dependencies }) => dependencies.map(({ resolved }) => ({ from: source, to: resolved })));
  return [
    ...summary.violations.map(({ rule, from, to }) => {
      const comment = IMPORT_RULES.find(({ name }) => name === rule.name)?.comment ?? rule.name;
      return problem(rule.name, `${from} → ${to}.`, from, comment);
    }),
    ...roomCycles(edges).map(rooms => problem(NO_ROOM_CYCLES, `${[...rooms, rooms[0]].join(' → ')}.`, rooms[0], 'Rooms that import one another are one room.')),
  ];
}

function problem(rule: string, text: string, file: string, fix: string): Problem {
  return { id: `check/imports/${rule}`, severity: 'error', text, where: { file }, fix: { text: fix } };
}
