/** Which Node trains: the setting, then PATH, then VS Code's own. */
import { strict as assert } from 'node:assert';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { findNode } from '../../src/jobs/findNode';

describe('jobs/findNode', function () {
  if (process.platform === 'win32') return; // the programs below are shell scripts
  let folder: string;
  before(async () => { folder = await mkdtemp(path.join(tmpdir(), 'merlina-node-')); });
  after(() => rm(folder, { recursive: true, force: true }));

  /** A folder with a "node" that prints this version. */
  async function nodeThatPrints(name: string, version: string): Promise<string> {
    await mkdir(path.join(folder, name), { recursive: true });
    const file = path.join(folder, name, 'node');
    await writeFile(file, `#!/bin/sh\necho ${version}\n`);
    await chmod(file, 0o755);
    return file;
  }

  it('takes the first Node on PATH that is new enough', async () => {
    const old = await nodeThatPrints('old', 'v18.20.0');
    const fresh = await nodeThatPrints('fresh', 'v22.1.0');
    const searchPath = ['relative', path.join(folder, 'absent'), path.dirname(old), path.dirname(fresh)].join(path.delimiter);
    assert.deepEqual(await findNode('', { searchPath }), { file: fresh, env: {} });
  });

  it('prefers the one of the settings', async () => {
    const mine = await nodeThatPrints('mine', 'v20.0.0');
    const onPath = await nodeThatPrints('path', 'v24.0.0');
    assert.deepEqual(await findNode(mine, { searchPath: path.dirname(onPath) }), { file: mine, env: {} });
  });

  it('says that the one of the settings will not do', async () => {
    const onPath = await nodeThatPrints('path', 'v24.0.0');
    assert.deepEqual(await findNode('/absent/node', { searchPath: path.dirname(onPath) }), { file: onPath, env: {}, refused: '/absent/node' });
  });

  it('passes over a program that crashes, hangs or prints no version', async () => {
    const make = async (name: string, script: string): Promise<string> => {
      const file = await nodeThatPrints(name, '');
      await writeFile(file, `#!/bin/sh\n${script}\n`);
      return path.dirname(file);
    };
    const folders = [await make('crashing', 'kill -SEGV $$'), await make('hanging', 'exec sleep 100'), await make('silent', 'exit 0'), await make('other', 'echo v22-but-not-node')];
    const good = await nodeThatPrints('good', 'v20.1.0');
    assert.deepEqual(await findNode('', { searchPath: [...folders, path.dirname(good)].join(path.delimiter), answerTimeoutMs: 300 }), { file: good, env: {} });
  });

  it("falls back to VS Code's own executable, running as Node", async () => {
    assert.deepEqual(await findNode('', { searchPath: '', ownExecutable: '/app/code' }), { file: '/app/code', env: { ELECTRON_RUN_AS_NODE: '1' }, isUntested: true });
  });
});
