import assert from 'node:assert/strict';
import { createReadStream, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatasetInspector, openSources, UploadStore } from '../../src/datasets';
import type { InspectSettings, SourceRow, SourceTables } from '../../src/datasets';
import { HubServer, commit } from '../models/hubServer';
import { fileOf, problemsOf } from './helpers';

const row = (n: number): string => `{"prompt":"question ${n}","chosen":"answer ${n}"}\n`;

const SETTINGS: InspectSettings = {
  dataset: { format: { format_type: 'chatml' } }, method: 'sft', seed: 1, maxLength: 64, maxPromptLength: 32, trainOnPrompt: false, evalWanted: false, batchSize: 1, accumulationSteps: 1, model: undefined,
};
const placesOf = (rows: readonly SourceRow[]): unknown[] => rows.map(row => ('raw' in row ? [row.raw.cells.prompt, row.raw.origin.row] : row.place));

describe('the tables of a source', () => {
  let folder: string;
  let tables: SourceTables[] = [];
  before(() => { folder = mkdtempSync(join(tmpdir(), 'merlina-tables-')); });
  after(() => rmSync(folder, { recursive: true }));
  afterEach(async () => { for (const table of tables) await table.close(); });

  it('are those of an upload', async () => {
    const uploadsFolder = join(folder, 'uploads');
    const { dataset_id } = await new UploadStore(uploadsFolder).store('rows.jsonl', createReadStream(fileOf([{ prompt: 'a', chosen: 'b' }])), 1000);
    tables = await openSources([{ source_type: 'upload', dataset_id }], { baseDir: '.', uploadsFolder });
    await tables[0]!.indexed();
    assert.deepEqual(tables[0]!.rowCount(), { value: 1, isExact: true });
  });

  describe('on the hub', () => {
    let server: HubServer;
    beforeEach(async () => {
      server = new HubServer('tiny/rows', new Map(['train-1', 'train-2', 'test'].map((name, i) => [`${name}.jsonl`, Buffer.from(row(2 * i) + row(2 * i + 1))])), 'dataset');
      await server.start();
      tables = await open();
    });
    const open = (): Promise<SourceTables[]> =>
      openSources([{ source_type: 'huggingface', repo_id: 'tiny/rows' }], { baseDir: '.', hub: { cacheDir: mkdtempSync(join(folder, 'cache-')), endpoint: server.endpoint, retryDelayMs: 1 } });
    afterEach(() => server.stop());

    it('come file by file as rows are asked for, and are one set', async () => {
      const [source] = tables as [SourceTables];
      assert.deepEqual([source.name, source.revision, source.rowCount(), server.transfers], ['tiny/rows', commit, undefined, ['train-1.jsonl']]);
      assert.deepEqual(placesOf(await source.rows(1, 2)), [['question 1', 1], ['question 2', 0]]);
      assert.deepEqual([source.rowCount(), server.transfers], [{ value: 4, isExact: true }, ['train-1.jsonl', 'train-2.jsonl']]);
    });

    it('are numbered over all files in a page, and counted in the figures', async () => {
      const inspector = await DatasetInspector.open(tables, SETTINGS);
      const page = await inspector.page('formatted', 3, 5);
      assert.deepEqual(page.rows.map(({ place }) => [place.row, place.line]), [[1, 2]]);
      assert.deepEqual((await inspector.page('raw', 1, 2)).rows.map(({ place }) => place.row), [1, 0]);
      assert.deepEqual((await inspector.statistics()).rows.read, { value: 4, isExact: true });
    });

    it('are counted as far as they are here, which is said', async () => {
      server.files.set('train-1.jsonl', Buffer.from(Array.from({ length: 1003 }, (_, i) => row(i)).join('')));
      tables = await open();
      const inspector = await DatasetInspector.open(tables, SETTINGS);
      const { rows, progress, problems } = await inspector.statistics();
      assert.deepEqual([rows.read, progress.phase, server.transfers], [{ value: 1003, isExact: false }, 'sample', ['train-1.jsonl']]);
      assert.match(problems.map(({ text }) => text).join('\n'), /^The figures are of 1 of 2 files/);
    });
  });

  it('that cannot be opened are a Problem with the source\'s place in the recipe', async () => {
    const good = { source_type: 'local_file', file_path: fileOf([{ prompt: 'a', chosen: 'b' }]) };
    const problems = await problemsOf(() => openSources([good, { source_type: 'local_file', file_path: 'nowhere.jsonl' }], { baseDir: '.' }));
    assert.match(problems.join('\n'), /dataset\.additional_sources\.0\.file_path.*There is no such dataset file/);
  });
});
