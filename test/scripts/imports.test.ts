/** Each import rule bites: a small tree that breaks it and nothing else. */
import { strict as assert } from 'node:assert';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { checkImports, IMPORT_RULES, NO_ROOM_CYCLES } from '../../scripts/checks/imports';

type Tree = Record<string, string>;

/** What every tree has beside its own files. */
const PACKAGE: Tree = {
  'package.json': JSON.stringify({ dependencies: { shipped: '1.0.0' }, devDependencies: { tool: '1.0.0' } }),
  'node_modules/shipped/package.json': '{ "name": "shipped", "version": "1.0.0", "main": "index.js" }',
  'node_modules/shipped/index.js': 'module.exports = {};',
  'node_modules/tool/package.json': '{ "name": "tool", "version": "1.0.0", "main": "index.js" }',
  'node_modules/tool/index.js': 'module.exports = {};',
  'src/shared/a.ts': 'export type A = string;',
};

const typeOfA = "import type { A } from '../shared/a'; export type B = A;";

const BREAKS: Record<string, Tree> = {
  'vscode-only-in-its-room': { 'src/jobs/store.ts': "import { window } from 'vscode'; export { window };" },
  'shared-imports-little': { 'src/shared/b.ts': "import type { C } from '../cards/c'; export type B = C;", 'src/cards/c.ts': 'export type C = 1;' },
  'recipe-imports-little': { 'src/recipe/r.ts': "export * from '../cards/c';", 'src/cards/c.ts': 'export type C = 1;' },
  'engine-imports-little': { 'src/engine/e.ts': "import type { C } from '../cards/c'; export type E = C;", 'src/cards/c.ts': 'export type C = 1;' },
  'models-imports-little': { 'src/models/m.ts': "export const load = () => import('../cards/c');", 'src/cards/c.ts': 'export type C = 1;' },
  'datasets-imports-little': { 'src/datasets/d.ts': "import type { C } from '../cards/c'; export type D = C;", 'src/cards/c.ts': 'export type C = 1;' },
  'trainer-knows-no-host': { 'src/training/t.ts': "import { j } from '../jobs/j'; export const t = j;", 'src/jobs/j.ts': 'export const j = 1;' },
  'host-starts-the-trainer-by-path': { 'src/jobs/j.ts': "import { t } from '../training/t'; export const j = t;", 'src/training/t.ts': 'export const t = 1;' },
  'service-knows-no-host': { 'src/service/s.ts': "import { t } from '../training/t'; export const s = t;", 'src/training/t.ts': 'export const t = 1;' },
  'host-knows-the-service-by-contract': { 'src/vscode/v.ts': "import { s } from '../service/s'; export const v = s;", 'src/service/s.ts': 'export const s = 1;' },
  'readers-never-the-trainer': { 'src/export/e.ts': "import { t } from '../training/t'; export const e = t;", 'src/training/t.ts': 'export const t = 1;' },
  'webview-imports-shared': { 'webview/run/r.ts': "import { j } from '../../src/jobs/j'; export const r = j;", 'src/jobs/j.ts': 'export const j = 1;' },
  'no-node-in-webview-and-shared': { 'src/shared/n.ts': "import { join } from 'node:path'; export { join };" },
  'shipped-code-imports-shipped-code': { 'src/jobs/j.ts': "import { x } from '../../test/x'; export const j = x;", 'test/x.ts': 'export const x = 1;' },
  'shipped-packages-are-dependencies': { 'src/jobs/j.ts': "import tool from 'tool'; export default tool;" },
  'no-cycles-between-rooms': {
    'src/jobs/j.ts': "import { s } from '../server/deep/s'; export const j = s;",
    'src/server/deep/s.ts': 'export const s = 1;',
    'src/server/other.ts': "import type { J } from '../jobs/type'; export type O = J;",
    'src/jobs/type.ts': 'export type J = 1;',
  },
};

describe('the import rules', () => {
  it('each have a tree that breaks them', () => {
    assert.deepEqual(Object.keys(BREAKS).sort(), [NO_ROOM_CYCLES, ...IMPORT_RULES.map(({ name }) => name ?? '')].sort());
  });

  for (const [rule, tree] of Object.entries(BREAKS)) {
    it(`find what breaks "${rule}"`, async () => {
      const problems = await checkTree(tree);
      assert.deepEqual(problems.map(({ id }) => id), [`check/imports/${rule}`], problems.map(({ text }) => text).join('\n'));
    });
  }

  it('say from where to where, and what is allowed instead', async () => {
    const [problem] = await checkTree(BREAKS['engine-imports-little']);
    assert.deepEqual(problem, {
      id: 'check/imports/engine-imports-little',
      severity: 'error',
      text: 'src/engine/e.ts → src/cards/c.ts.',
      where: { file: 'src/engine/e.ts' },
      fix: { text: 'engine imports only itself, shared.' },
    });
  });

  it('accept what the architecture allows', async () => {
    assert.deepEqual(
      await checkTree({
        'src/extension.ts': "import * as vscode from 'vscode'; import './vscode/view'; export { vscode };",
        'src/vscode/view.ts': "import { window } from 'vscode'; import type { A } from '../shared/a'; export { window }; export type V = A;",
        'src/models/m.ts': typeOfA,
        'src/datasets/d.ts': "import type { B } from '../models/m'; import shipped from 'shipped'; import { join } from 'node:path'; export { shipped, join }; export type D = B;",
        'src/training/t.ts': "import type { D } from '../datasets/d'; export type T = D;",
        'webview/run/r.ts': "import type { A } from '../../src/shared/a'; export type R = A;",
      }),
      [],
    );
  });
});

async function checkTree(tree: Tree): ReturnType<typeof checkImports> {
  const root = await mkdtemp(path.join(tmpdir(), 'merlina-imports-'));
  try {
    for (const [file, text] of Object.entries({ ...PACKAGE, ...tree })) {
      await mkdir(path.dirname(path.join(root, file)), { recursive: true });
      await writeFile(path.join(root, file), text);
    }
    return await checkImports(root, Object.keys(tree).some(file => file.startsWith('webview/')) ? ['src', 'webview'] : ['src']);
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}
