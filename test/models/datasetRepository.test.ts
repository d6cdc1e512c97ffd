import assert from 'node:assert/strict';
import { existsSync, lstatSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { openDataset } from '../../src/models';
import type { HubOptions } from '../../src/models';
import { renderProblem } from '../../src/shared/problem';
import { HubServer, commit, gitId } from './hubServer';
import { problemOf, temporaryFolder } from './support';

const id = 'tiny/rows', convert = 'refs/convert/parquet', convertCommit = 'f'.repeat(40);

describe('a dataset repository of the hub', () => {
  const folder = temporaryFolder();
  let server: HubServer, cacheDir: string, count = 0;
  const options = (more: HubOptions = {}): HubOptions => ({ cacheDir, endpoint: server.endpoint, token: 'hf_secret', retryDelayMs: 1, ...more });
  const root = (): string => join(cacheDir, 'datasets--tiny--rows');

  beforeEach(async () => {
    const names = ['README.md', 'data/train 1.jsonl', 'data/deep/test.jsonl', ...Array.from({ length: 12 }, (_, i) => `many/${i}.txt`)];
    server = new HubServer(id, new Map(names.map(name => [name, Buffer.from(`content of ${name}`)])), 'dataset');
    server.branches.set(convert, { commit: convertCommit, files: new Map([['default/train/0000.parquet', Buffer.alloc(5000, 1)]]) });
    await server.start();
    cacheDir = join(folder, `cache-${count++}`);
  });
  afterEach(() => server.stop());

  it('lists a folder, or all below it, over all pages', async () => {
    const repository = await openDataset(id, options());
    assert.equal(repository.commit, commit);
    assert.deepEqual(await repository.list(), ['README.md']);
    assert.deepEqual(await repository.list('data', true), ['data/deep/test.jsonl', 'data/train 1.jsonl']);
    assert.equal((await repository.list('', true)).length, 15);
    assert.deepEqual(await repository.list('nowhere', true), []);
  });

  it('brings the file that is asked for and no other, laid out as Python tools lay it out', async () => {
    const repository = await openDataset(id, options());
    await repository.list('data', true);
    assert.equal(await repository.missingBytes('data/train 1.jsonl'), 29);
    const path = await repository.fetch('data/train 1.jsonl');
    assert.equal(path, join(root(), 'snapshots', commit, 'data', 'train 1.jsonl'));
    assert.equal(readFileSync(path, 'utf8'), 'content of data/train 1.jsonl');
    assert.ok(lstatSync(path).isSymbolicLink());
    assert.equal(readlinkSync(path), join('..', '..', '..', 'blobs', gitId(Buffer.from('content of data/train 1.jsonl'))));
    assert.equal(readFileSync(join(root(), 'refs/main'), 'utf8'), commit);
    assert.deepEqual(server.transfers, ['data/train 1.jsonl']);
    assert.equal(await repository.missingBytes('data/train 1.jsonl'), 0);
  });

  it('reads another branch of the same dataset', async () => {
    const parquet = await (await openDataset(id, options())).at(convert);
    assert.equal(parquet.commit, convertCommit);
    assert.deepEqual(await parquet.list('', true), ['default/train/0000.parquet']);
    assert.equal(readFileSync(await parquet.fetch('default/train/0000.parquet')).length, 5000);
    assert.equal(readFileSync(join(root(), 'refs/refs/convert/parquet'), 'utf8'), convertCommit);
  });

  it('asks nothing of the hub for a commit that is here', async () => {
    const first = await openDataset(id, options());
    await first.list('data', true);
    await first.fetch('data/train 1.jsonl');
    server.requests.length = 0;
    const pinned = await openDataset(id, options({ revision: commit }));
    assert.deepEqual(await pinned.list('data', true), ['data/deep/test.jsonl', 'data/train 1.jsonl']);
    await pinned.fetch('data/train 1.jsonl');
    assert.deepEqual(server.requests, []);
  });

  it('knows offline which file of a listing is not here, and says so', async () => {
    const first = await openDataset(id, options());
    await first.list('data', true);
    await first.fetch('data/train 1.jsonl');
    const offline = await openDataset(id, options({ isOffline: true }));
    assert.deepEqual(await offline.list('data', true), ['data/deep/test.jsonl', 'data/train 1.jsonl']);
    assert.ok(existsSync(await offline.fetch('data/train 1.jsonl')));
    assert.match(renderProblem(await problemOf(() => offline.fetch('data/deep/test.jsonl'))),
      /^"data\/deep\/test\.jsonl" of "tiny\/rows" \(commit 0123[0-9a-f]+\) is not in the cache .*, and offline mode is on\. Unset HF_HUB_OFFLINE/);
    assert.deepEqual(await offline.list('', true), ['data/train 1.jsonl'], 'of a folder never listed, what is here');
  });

  it('knows offline what a branch named when its files were last asked for, though a pinned read had brought them', async () => {
    for (const revision of [commit, 'main']) {
      const repository = await openDataset(id, options({ revision }));
      await repository.list('data', true);
      await repository.fetch('data/train 1.jsonl');
    }
    assert.ok(existsSync(await (await openDataset(id, options({ isOffline: true }))).fetch('data/train 1.jsonl')));
  });

  it('comes from the cache where the hub cannot be reached', async () => {
    const first = await openDataset(id, options());
    await first.list('data', true);
    await first.fetch('data/train 1.jsonl');
    const asked = options();
    await server.stop();
    const repository = await openDataset(id, asked);
    assert.ok(existsSync(await repository.fetch('data/train 1.jsonl')));
    await server.start();
  });

  it('asks whether a file may be read without reading it, at no other host', async () => {
    const parquet = await openDataset(id, options({ revision: convert }));
    await parquet.checkAccess('default/train/0000.parquet');
    server.fileRefusal = { status: 403, code: 'GatedRepo' };
    assert.match(renderProblem(await problemOf(() => parquet.checkAccess('default/train/0000.parquet'))),
      /^"tiny\/rows" is gated: the token that was sent has no access to it \(HTTP 403\)\. Accept its terms at http:.*\/datasets\/tiny\/rows, then/);
    assert.deepEqual(server.transfers, []);
  });

  it('refuses names that would lie outside the cache', async () => {
    server.files.set('../../evil.jsonl', Buffer.from('x'));
    assert.match(renderProblem(await problemOf(async () => (await openDataset(id, options())).list('', true))), /gives an answer for "tiny\/rows" that cannot be right: it has a file "\.\.\/\.\.\/evil\.jsonl"/);
  });

  const refusals: [string, { status: number; code?: string } | undefined, string, RegExp][] = [
    ['gated', { status: 401, code: 'GatedRepo' }, id, /^"tiny\/rows" is gated: the token that was sent has no access/],
    ['not there', { status: 404, code: 'RepoNotFound' }, id, /^no such dataset: "tiny\/rows" at http:.* \(HTTP 404\)\. Check the spelling, and that the token may read it\.$/],
    ['without access', { status: 403 }, id, /^the hub refuses "tiny\/rows" \(HTTP 403\): the token that was sent is not valid or may not read it/],
    ['of no valid id', undefined, '../etc', /^"\.\.\/etc" is not the id of a dataset on the hub\. Write it as owner\/name/],
  ];
  for (const [what, refusal, asked, text] of refusals) it(`is refused: ${what}`, async () => {
    server.refusal = refusal;
    const problem = await problemOf(() => openDataset(asked, options()));
    assert.match(renderProblem(problem), text);
    assert.match(problem.id, /^dataset\//);
    assert.ok(!JSON.stringify(problem).includes('hf_secret'));
  });

  it('says offline that it is not here', async () => {
    assert.match(renderProblem(await problemOf(() => openDataset(id, options({ isOffline: true })))), /^"tiny\/rows" \(revision "main"\) is not in the cache .*, and offline mode is on\. Unset HF_HUB_OFFLINE to download it, or name a local file\.$/);
  });
});
