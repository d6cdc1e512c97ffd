/** Merlina: Export Model. */
import { strict as assert } from 'node:assert';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Uri } from 'vscode';
import { ProblemError } from '../../src/shared/problem';
import { exportModel } from '../../src/vscode/commands/exportModel';
import type { Host } from '../../src/vscode/host';
import type { ModelItem } from '../../src/vscode/models/modelItems';

describe('Merlina: Export Model', () => {
  let folder: string;
  let item: ModelItem;
  let host: Host;
  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'merlina-export-'));
    const run = path.join(folder, 'run');
    await mkdir(path.join(run, 'adapter'), { recursive: true });
    for (const name of ['adapter_config.json', 'adapter_model.safetensors', 'tokenizer.json']) await writeFile(path.join(run, 'adapter', name), name);
    await writeFile(path.join(run, 'README.md'), '# card');
    item = { kind: 'adapter', name: 'owl', detail: '', model: null, adapter: path.join(run, 'adapter'), path: path.join(run, 'adapter'), job_id: 'job_1' };
    host = { jobs: { manager: async () => ({ folderOf: () => ({ root: run }) }) } } as never;
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('copies the adapter with its tokenizer and the model card', async () => {
    const target = await exportModel.run(host, item, Uri.file(folder)) as Uri;
    assert.equal(target.fsPath, path.join(folder, 'owl'));
    assert.deepEqual((await readdir(target.fsPath)).sort(), ['README.md', 'adapter_config.json', 'adapter_model.safetensors', 'tokenizer.json']);
  });

  it('writes over nothing', async () => {
    await mkdir(path.join(folder, 'owl'));
    await assert.rejects(exportModel.run(host, item, Uri.file(folder)), (error: unknown) => error instanceof ProblemError && error.problems[0].id === 'models/export-exists');
  });

  it('leaves nothing where the copy breaks off', async () => {
    await assert.rejects(exportModel.run(host, { ...item, path: path.join(folder, 'gone') }, Uri.file(folder)), (error: unknown) => error instanceof ProblemError && error.problems[0].id === 'models/not-exported');
    assert.ok(!(await readdir(folder)).includes('owl'));
  });
});
