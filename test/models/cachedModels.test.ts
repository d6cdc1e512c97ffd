/** What of the hub's cache counts as a model. */
import { strict as assert } from 'node:assert';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { cachedModels } from '../../src/models';

const COMMIT = 'a'.repeat(40);

describe('models/hub/cachedModels', () => {
  let cache: string;
  beforeEach(async () => { cache = await mkdtemp(path.join(tmpdir(), 'merlina-cache-')); });
  afterEach(() => rm(cache, { recursive: true, force: true }));

  /** As huggingface_hub lays it out: blobs, links to them, a ref. */
  async function put(name: string, files: Record<string, number>): Promise<void> {
    const root = path.join(cache, name);
    for (const part of ['blobs', 'refs', `snapshots/${COMMIT}`]) await mkdir(path.join(root, part), { recursive: true });
    await writeFile(path.join(root, 'refs/main'), COMMIT);
    for (const [file, bytes] of Object.entries(files)) {
      await writeFile(path.join(root, 'blobs', `etag-${file}`), Buffer.alloc(bytes));
      await symlink(path.join('../../blobs', `etag-${file}`), path.join(root, 'snapshots', COMMIT, file));
    }
  }

  it('finds models by name, with their size on disk', async () => {
    await put('models--zeta--small', { 'config.json': 10, 'model.safetensors': 100 });
    await put('models--acme--my-model-1.5b', { 'config.json': 10, 'model.safetensors.index.json': 5, 'model-00001-of-00002.safetensors': 1000 });
    assert.deepEqual(await cachedModels(cache), [
      { id: 'acme/my-model-1.5b', folder: path.join(cache, 'models--acme--my-model-1.5b'), bytes: 1015 },
      { id: 'zeta/small', folder: path.join(cache, 'models--zeta--small'), bytes: 110 },
    ]);
  });

  it('leaves out datasets, models without weights, and what was never downloaded', async () => {
    await put('datasets--acme--rows', { 'config.json': 1, 'model.safetensors': 1 });
    await put('models--acme--only-config', { 'config.json': 1 });
    await put('models--acme--only-weights', { 'model.safetensors': 1 });
    await mkdir(path.join(cache, 'models--acme--begun/blobs'), { recursive: true });
    assert.deepEqual(await cachedModels(cache), []);
  });

  it('finds nothing where there is no cache', async () => assert.deepEqual(await cachedModels(path.join(cache, 'none')), []));
});
