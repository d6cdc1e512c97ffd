import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { createLoader } from '../../../src/datasets/loaders/createLoader';
import { UploadStore, uploadLimitBytes } from '../../../src/datasets/uploads/uploadStore';
import { problemsOf } from '../helpers';

const rows = '{"prompt":"a","chosen":"b"}\n{"prompt":"c","chosen":"d"}\n';
const content = (text: string): AsyncIterable<Uint8Array> => Readable.from([Buffer.from(text.slice(0, 5)), Buffer.from(text.slice(5))]);

describe('uploads', () => {
  let root: string, folder: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'merlina-uploads-'));
    folder = join(root, 'uploads');
  });
  afterEach(() => rmSync(root, { recursive: true }));

  it('keep name and content, and survive a restart', async () => {
    const stored = await new UploadStore(folder).store('my rows.jsonl', content(rows), 1000, new Date('2026-03-04T05:06:07Z'));
    assert.match(stored.dataset_id, /^upload_20260304_050607_[0-9a-f]{8}$/);
    const again = new UploadStore(folder);
    assert.deepEqual(await again.list(), [stored]);
    assert.deepEqual(await again.read(stored.dataset_id), stored);
    assert.deepEqual({ name: stored.name, size: stored.size_bytes, text: readFileSync(stored.file, 'utf8') }, { name: 'my rows.jsonl', size: rows.length, text: rows });
    assert.deepEqual(readdirSync(folder), [stored.dataset_id]);
  });

  it('are rows for a recipe, by id', async () => {
    const { dataset_id, file } = await new UploadStore(folder).store('rows.jsonl', content(rows), 1000);
    const cells = async (source: object, uploadsFolder?: string): Promise<unknown[]> => {
      const all: unknown[] = [];
      for await (const row of createLoader({ source_type: 'upload', ...source }, root, 'dataset.source', uploadsFolder === undefined ? {} : { uploadsFolder }).rows()) all.push(row.cells);
      return all;
    };
    const expected = [{ prompt: 'a', chosen: 'b' }, { prompt: 'c', chosen: 'd' }];
    assert.deepEqual(await cells({ dataset_id }, folder), expected);
    assert.deepEqual(await cells({ dataset_id, file_path: file }), expected, 'in a run, by the path it was given');
    assert.deepEqual(await problemsOf(() => cells({ dataset_id: 'upload_20200101_000000_00000000' }, folder)),
      [`"dataset.source.dataset_id": There is no upload "upload_20200101_000000_00000000". There is: ${dataset_id} (rows.jsonl). Upload the file again, or name it with source_type "local_file".`]);
    assert.deepEqual(await problemsOf(() => cells({ dataset_id })),
      [`"dataset.source.dataset_id": The upload "${dataset_id}" cannot be found: nothing says where uploads are kept. Name the file itself, with source_type "local_file".`]);
  });

  it('are refused above the limit, and leave nothing behind', async () => {
    const store = new UploadStore(folder);
    assert.deepEqual(await problemsOf(() => store.store('big.jsonl', content('x'.repeat(3 * 2 ** 20)), 2 * 2 ** 20)),
      ['"big.jsonl" is larger than the limit of 2 MB. Raise MAX_UPLOAD_SIZE_MB, or name the file by its path with source_type "local_file".']);
    assert.deepEqual(readdirSync(folder), []);
  });

  it('that break off leave nothing behind', async () => {
    const broken = Readable.from((function* () {
      yield Buffer.from('{"a":');
      throw new Error('connection lost');
    })());
    await assert.rejects(new UploadStore(folder).store('a.jsonl', broken, 1000), /connection lost/);
    assert.deepEqual(readdirSync(folder), []);
  });

  it('that a process left half done are no uploads, and are removed a day later', async () => {
    const partial = join(folder, '.partial-x');
    mkdirSync(partial, { recursive: true });
    writeFileSync(join(partial, 'a.jsonl'), 'half');
    const store = new UploadStore(folder);
    assert.deepEqual(await store.list(), []);
    await store.store('a.jsonl', content(rows), 1000);
    assert.ok(existsSync(partial), 'it may still be going on');
    utimesSync(partial, 0, 0);
    await store.store('b.jsonl', content(rows), 1000);
    assert.ok(!existsSync(partial));
  });

  it('can be deleted, newest first in the list, the same content twice is one', async () => {
    const store = new UploadStore(folder), at = (second: number): Date => new Date(Date.UTC(2026, 0, 1, 0, 0, second));
    const [first, second] = [await store.store('a.jsonl', content(rows), 1000, at(1)), await store.store('b.jsonl', content(`${rows}\n`), 1000, at(2))];
    assert.equal((await store.store('a.jsonl', content(rows), 1000, at(1))).dataset_id, first.dataset_id);
    assert.deepEqual((await store.list()).map(({ name }) => name), ['b.jsonl', 'a.jsonl']);
    assert.deepEqual([await store.delete(first.dataset_id), await store.delete(first.dataset_id), await store.delete('../..')], [true, false, false]);
    assert.deepEqual((await store.list()).map(({ dataset_id }) => dataset_id), [second.dataset_id]);
  });

  for (const [name, kept] of [['../../etc/passwd', 'passwd'], ['C:\\data\\rows.csv', 'rows.csv'], ['.hidden', 'hidden'], ['a:b?.json', 'a_b_.json'], ['', 'file-'], ['upload.json', 'file-upload.json'], [`${'x'.repeat(300)}.jsonl`, `${'x'.repeat(144)}.jsonl`]] as const)
    it(`lie under a safe name: "${name.slice(0, 20)}"`, async () => {
      const stored = await new UploadStore(folder).store(name, content(rows), 1000);
      assert.equal(stored.file, join(folder, stored.dataset_id, kept));
      assert.equal(stored.name, name);
    });

  it('are limited as Merlina limits them, or as its setting says', () => {
    assert.deepEqual([{}, { MAX_UPLOAD_SIZE_MB: '2' }, { MAX_UPLOAD_SIZE_MB: 'much' }, { MAX_UPLOAD_SIZE_MB: '-1' }].map(uploadLimitBytes), [500, 2, 500, 500].map(megabytes => megabytes * 2 ** 20));
  });
});
