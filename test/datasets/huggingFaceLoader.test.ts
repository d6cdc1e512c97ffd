import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { createLoader } from '../../src/datasets/loaders/createLoader';
import type { DatasetSource, LoaderOptions } from '../../src/datasets/loaders/createLoader';
import type { HuggingFaceLoader } from '../../src/datasets/loaders/huggingFaceLoader';
import { ProblemError } from '../../src/shared/problem';
import type { Problem } from '../../src/shared/problem';
import { HubServer, commit } from '../models/hubServer';
import { problemsOf } from './helpers';

const id = 'tiny/rows', convert = 'refs/convert/parquet', convertCommit = 'c'.repeat(40);
const row = (n: number | string): string => `{"prompt":"question ${n}","chosen":"answer ${n}"}\n`;
const card = (configs: string): string => `---\nlicense: mit\nconfigs:\n${configs}---\n# Rows\n`;

describe('a dataset of the hub', () => {
  let folder: string, server: HubServer, count = 0;
  const hub = (more: LoaderOptions['hub'] = {}): LoaderOptions => ({ hub: { cacheDir: join(folder, String(count)), endpoint: server.endpoint, token: 'hf_secret', retryDelayMs: 1, ...more } });
  const holding = (files: Record<string, string>): void => { for (const [name, text] of Object.entries(files)) server.files.set(name, Buffer.from(text)); };
  const converted = (...names: string[]): void => { server.branches.set(convert, { commit: convertCommit, files: new Map(names.map(name => [name, Buffer.from(name)])) }); };
  const loader = (source: Partial<DatasetSource> = {}, options = hub()): HuggingFaceLoader => createLoader({ source_type: 'huggingface', repo_id: id, ...source }, '.', 'dataset.source', options) as HuggingFaceLoader;
  const files = async (source?: Partial<DatasetSource>, options?: LoaderOptions): Promise<string[]> => (await loader(source, options).resolve()).files;
  const prompts = async (source?: Partial<DatasetSource>, options?: LoaderOptions): Promise<unknown[]> => {
    const found: unknown[] = [];
    for await (const { cells } of loader(source, options).rows()) found.push(cells.prompt);
    return found;
  };
  const refused = async (source?: Partial<DatasetSource>, options?: LoaderOptions): Promise<Problem> => {
    try {
      await prompts(source, options);
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error;
      assert.equal(error.problems.length, 1);
      return error.problems[0]!;
    }
    throw new assert.AssertionError({ message: 'no Problem was raised' });
  };

  before(() => { folder = mkdtempSync(join(tmpdir(), 'merlina-hub-rows-')); });
  after(() => rmSync(folder, { recursive: true }));
  beforeEach(async () => {
    count++;
    server = new HubServer(id, new Map(), 'dataset');
    await server.start();
  });
  afterEach(() => server.stop());

  describe('without a card', () => {
    it('is split by the names of its files, and read file after file', async () => {
      holding({ 'README.md': '# Rows', 'train-1.jsonl': row(1) + row(2), 'train-2.jsonl': row(3), 'test.jsonl': row(4) });
      assert.deepEqual(await prompts(), ['question 1', 'question 2', 'question 3']);
      assert.deepEqual(await prompts({ split: 'test' }), ['question 4']);
      assert.deepEqual(await prompts({ split: 'test+train' }), ['question 4', 'question 1', 'question 2', 'question 3']);
    });

    it('brings only the files whose rows are read', async () => {
      holding({ 'train-1.jsonl': row(1) + row(2), 'train-2.jsonl': row(3), 'test.jsonl': row(4), 'train.png': 'a picture' });
      for await (const { cells, origin } of loader().rows()) {
        assert.deepEqual([cells.prompt, origin.line, origin.row], ['question 1', 1, 0]);
        assert.match(origin.file, /snapshots.0123.*train-1\.jsonl$/);
        break;
      }
      assert.deepEqual(server.transfers, ['train-1.jsonl']);
    });

    it('is read in the folder, or of the files, that the recipe names', async () => {
      holding({ 'helpful/train.jsonl': row(1), 'helpful/test.jsonl': row(2), 'harmless/train.jsonl': row(3), 'extra/deep/a.jsonl': row(4) });
      assert.deepEqual(await files({ data_dir: 'helpful/' }), ['helpful/train.jsonl']);
      assert.deepEqual(await files({ data_dir: 'helpful', split: 'test' }), ['helpful/test.jsonl']);
      assert.deepEqual(await files({ data_files: ['harmless/*', 'extra/**'] }), ['harmless/train.jsonl', 'extra/deep/a.jsonl']);
      assert.deepEqual(await files({ data_dir: 'extra', data_files: ['deep/a.jsonl'] }), ['extra/deep/a.jsonl']);
    });
  });

  describe('with a card', () => {
    beforeEach(() => holding({
      'README.md': card('- config_name: english\n  default: true\n  data_files:\n  - split: train\n    path: en/train-*\n  - split: test\n    path: en/test.jsonl\n- config_name: french\n  data_dir: fr\n'),
      'en/train-0.jsonl': row('en'), 'en/train-1.jsonl': row('en too'), 'en/test.jsonl': row('en test'), 'fr/valid.jsonl': row('fr valid'), 'fr/train.jsonl': row('fr'), 'else/train.jsonl': row('else'),
    }));

    it('is read as its default configuration says', async () => {
      assert.deepEqual(await prompts(), ['question en', 'question en too']);
      assert.deepEqual(await prompts({ split: 'test' }), ['question en test']);
    });

    it('is read in another configuration, by the names in its folder', async () => {
      assert.deepEqual(await prompts({ config_name: 'french' }), ['question fr']);
      assert.deepEqual(await prompts({ config_name: 'french', split: 'validation' }), ['question fr valid']);
    });

    it('is read as the recipe says, where the card is broken', async () => {
      server.files.set('README.md', Buffer.from('---\nconfigs: [\n---\n'));
      assert.match((await refused()).text, /^The dataset's card cannot be read: its YAML is broken/);
      assert.deepEqual(await prompts({ data_files: ['else/train.jsonl'] }), ['question else']);
    });

    it('lists only the folder that its patterns name', async () => {
      await files();
      assert.deepEqual(server.requests.map(({ path }) => path).filter(path => path.includes('/tree/')).map(path => path.replace(/^.*\/tree\/[0-9a-f]+/, '')), ['?recursive=false&expand=false', '/en?recursive=false&expand=false']);
    });
  });

  describe('as the hub converted it', () => {
    it('is read where it is a script', async () => {
      holding({ 'README.md': '# Rows', 'rows.py': 'import datasets', 'data/raw.jsonl': row('raw') });
      converted('default/train/0000.parquet', 'default/train/0001.parquet', 'default/test/0000.parquet', '.gitattributes');
      const read = loader();
      assert.deepEqual((await read.resolve()).files, ['default/train/0000.parquet', 'default/train/0001.parquet']);
      assert.deepEqual(read.readRevision, { id, revision: 'main', commit: convertCommit });
      assert.deepEqual(await files({ revision: convertCommit, split: 'test' }), ['default/test/0000.parquet'], 'pinned to the commit that was read');
    });

    it('is read where its own files are of no kind that can be read', async () => {
      holding({ 'train.arrow': 'x', 'README.md': '# Rows' });
      converted('en/partial-train/0000.parquet', 'fr/train-part0/0000.parquet', 'fr/train-part1/0000.parquet');
      assert.deepEqual(await files({ config_name: 'fr' }), ['fr/train-part0/0000.parquet', 'fr/train-part1/0000.parquet']);
      const { notes } = await loader({ config_name: 'en' }).resolve();
      assert.deepEqual(notes.map(({ text }) => text), ['The hub converted only the first part of split "train" of "tiny/rows" to Parquet, so its later rows are not read.']);
    });
  });

  it('is read in every kind of file that a file of this machine may be', async () => {
    const cells = async (source?: Partial<DatasetSource>): Promise<unknown[]> => {
      const found: unknown[] = [];
      for await (const read of loader(source).rows()) found.push(read.cells);
      return found;
    };
    server.files.set('jsonl/train.jsonl.gz', gzipSync(row(1)));
    holding({ 'csv/train.csv': 'prompt,chosen\nquestion,"an, answer"\n', 'tsv/train.tsv': 'prompt\tchosen\nquestion\tanswer\n', 'json/train.json': '[{"prompt":"question"}]', 'txt/train.txt': 'One paragraph.\n' });
    assert.deepEqual(await cells({ data_dir: 'jsonl' }), [{ prompt: 'question 1', chosen: 'answer 1' }]);
    assert.deepEqual(await cells({ data_dir: 'csv' }), [{ prompt: 'question', chosen: 'an, answer' }]);
    assert.deepEqual(await cells({ data_dir: 'tsv' }), [{ prompt: 'question', chosen: 'answer' }]);
    assert.deepEqual(await cells({ data_dir: 'json' }), [{ prompt: 'question' }]);
    assert.deepEqual((await cells({ data_dir: 'txt' })).length, 1);
    server.branches.set(convert, { commit: convertCommit, files: new Map([['default/train/0000.parquet', readFileSync('test/fixtures/datasets/rows.parquet')]]) });
    holding({ 'rows.py': 'import datasets' });
    const local = createLoader({ source_type: 'local_file', file_path: 'test/fixtures/datasets/rows.parquet' }, '.'), expected: unknown[] = [];
    for await (const read of local.rows()) expected.push(read.cells);
    assert.ok(expected.length > 1);
    assert.deepEqual(await cells(), expected, 'of the Parquet conversion');
  });

  describe('pinned', () => {
    const next = 'd'.repeat(40);

    it('says at which commit it was read, and is read there again', async () => {
      holding({ 'train.jsonl': row(1) });
      const first = loader();
      assert.equal(first.readRevision, undefined);
      for await (const { cells } of first.rows()) assert.equal(cells.prompt, 'question 1');
      assert.deepEqual(first.readRevision, { id, revision: 'main', commit });
      server.branches.set('old', { commit, files: new Map(server.files) });
      server.branches.set('main', { commit: next, files: new Map([['train.jsonl', Buffer.from(row(2))]]) });
      assert.deepEqual(await prompts(), ['question 2']);
      assert.deepEqual(await prompts({ revision: commit }), ['question 1']);
      assert.deepEqual(await prompts({}, { ...hub(), pins: [first.readRevision!] }), ['question 1'], 'as a resumed run reads it');
    });

    it('comes offline from the cache, all of it or a Problem', async () => {
      holding({ 'train-00000-of-00002.jsonl': row(1), 'train-00001-of-00002.jsonl': row(2) });
      assert.equal((await refused({}, hub({ isOffline: true }))).id, 'dataset/offline');
      for await (const { cells } of loader().rows()) if (cells.prompt === 'question 1') break;
      assert.match((await refused({}, hub({ isOffline: true }))).text, /^"train-00001-of-00002\.jsonl" of "tiny\/rows" \(commit .*\) is not in the cache/);
      await prompts();
      assert.deepEqual(await prompts({}, hub({ isOffline: true })), ['question 1', 'question 2']);
    });

    it('says offline what is not in the cache, of a commit and of a dataset that is a script', async () => {
      holding({ 'rows.py': 'import datasets', 'README.md': '# Rows' });
      const text = (revision: string): string => `Neither rows of "tiny/rows" (revision "${revision}") nor the hub's Parquet conversion of it are in the cache, and offline mode is on.`;
      assert.equal((await refused({ revision: commit }, hub({ isOffline: true }))).text, text(commit));
      converted('default/train/0000.parquet');
      await loader().resolve();
      assert.equal((await refused({}, hub({ isOffline: true }))).text, text('main'));
    });

    it('does not take a part that Python tools left in the cache for the whole', async () => {
      holding({ 'README.md': card('- config_name: default\n  data_files: data/train-*\n'), 'data/train-00000-of-00003.jsonl': row(1), 'data/train-00001-of-00003.jsonl': row(2), 'data/train-00002-of-00003.jsonl': row(3) });
      for await (const { cells } of loader().rows()) if (cells.prompt === 'question 2') break;
      rmSync(join(folder, String(count), 'datasets--tiny--rows', 'listings'), { recursive: true });
      assert.equal((await refused({}, hub({ isOffline: true }))).text, 'Only 2 of the 3 files data/train-*-of-00003 of "tiny/rows" are in the cache, and the hub cannot be asked for the others.');
    });
  });

  describe('is refused', () => {
    const both = '- config_name: english\n  data_dir: en\n- config_name: french\n  data_dir: fr\n';
    const cases: [string, Record<string, string>, Partial<DatasetSource>, string, unknown?][] = [
      ['for a configuration that is not there', { 'README.md': card(both) }, { config_name: 'frensh' },
        '"dataset.source.config_name": "tiny/rows" has no configuration "frensh". There is: english, french. Set it to "french".', { key: 'dataset.source.config_name', value: 'french' }],
      ['where one has to be chosen', { 'README.md': card(both) }, {},
        '"dataset.source.config_name": "tiny/rows" has 2 configurations, and none is its default: english, french. Name one, such as "english".', { key: 'dataset.source.config_name', value: 'english' }],
      ['for a configuration of a dataset that has none', { 'train.jsonl': '' }, { config_name: 'english' },
        '"dataset.source.config_name": "tiny/rows" has no configuration "english". There is: default. Choose one of them.'],
      ['for a split that is not there', { 'train.jsonl': '', 'test.jsonl': '' }, { split: 'trian' },
        '"dataset.source.split": "tiny/rows" has no split "trian". There is: train, test. Set it to "train".', { key: 'dataset.source.split', value: 'train' }],
      ['for one that sounds like no other', { 'train.jsonl': '', 'test.jsonl': '' }, { split: 'gold' },
        '"dataset.source.split": "tiny/rows" has no split "gold". There is: train, test. Choose one of them.'],
      ['for a part of a split', { 'train.jsonl': '' }, { split: 'train[:10%]' },
        '"dataset.source.split": "train[:10%]" asks for a part of a split, which is not read. Limit the rows with dataset.max_samples and name the split alone, such as "train".', { key: 'dataset.source.split', value: 'train' }],
      ['as a script that was not converted', { 'rows.py': '', 'README.md': '' }, {},
        '"dataset.source.repo_id": "tiny/rows" is a Python script (rows.py), which is not run, and the hub holds no Parquet conversion of it. Choose a dataset with JSON, JSONL, CSV, TSV, Parquet or text (also as .gz or .zst), or convert it once with Python: load_dataset(…).to_parquet(…).'],
      ['without rows', { 'a.png': '', 'b.zip': '' }, {},
        '"dataset.source.repo_id": "tiny/rows" has no files of rows that can be read, and the hub holds no Parquet conversion of it. It has a.png, b.zip. Choose a dataset with JSON, JSONL, CSV, TSV, Parquet or text (also as .gz or .zst), or convert it once with Python: load_dataset(…).to_parquet(…).'],
      ['for files that are not there', { 'a.jsonl': '' }, { data_files: ['b.jsonl'] }, '"dataset.source.data_files": "tiny/rows" has no file "b.jsonl". Name one of its files, or a pattern such as "data/*.jsonl".'],
      ['for patterns that match nothing', { 'a.jsonl': '' }, { data_files: ['b/*', '*.png'] }, '"dataset.source.data_files": No file of rows in "tiny/rows" matches "b/*", "*.png". Name files of JSON, JSONL, CSV, TSV, Parquet or text (also as .gz or .zst).'],
      ['for a folder without rows', { 'a.jsonl': '' }, { data_dir: 'b' }, '"dataset.source.data_dir": "tiny/rows" has no files of rows in "b". Name a folder with JSON, JSONL, CSV, TSV, Parquet or text (also as .gz or .zst).'],
      ['with rows that lie elsewhere', { 'README.md': card('- config_name: a\n  data_files: https://example.com/a.jsonl\n') }, {},
        '"dataset.source.repo_id": The rows of "tiny/rows" lie elsewhere: https://example.com/a.jsonl. Download them and name the file with source_type "local_file".'],
      ['with a card that names what is not there', { 'README.md': card('- config_name: a\n  data_files: gone.jsonl\n') }, {},
        '"dataset.source.repo_id": The card of "tiny/rows" names a file that is not there: gone.jsonl. Tell its author, or name the files in data_files.'],
      ['at a revision that is not there', { 'a.jsonl': '' }, { revision: 'v9' }, '"dataset.source.revision": "tiny/rows" has no revision "v9" (HTTP 404). Choose one of the branches, tags or commits at ENDPOINT/datasets/tiny/rows.'],
      ['where it is not named', {}, { repo_id: null }, '"dataset.source.repo_id": The dataset source names no dataset on the hub. Set dataset.source.repo_id.'],
    ];
    for (const [what, held, source, text, set] of cases) it(what, async () => {
      holding(held);
      assert.deepEqual((await problemsOf(() => prompts(source))).map(one => one.replaceAll(server.endpoint, 'ENDPOINT')), [text]);
      if (set !== undefined) assert.deepEqual((await refused(source)).fix?.set, set);
    });

    it('where the branch of its conversion holds something else', async () => {
      holding({ 'rows.py': '' });
      converted('notes/readme.txt');
      assert.match((await refused()).text, /^"tiny\/rows" is a Python script \(rows\.py\), which is not run, and the hub holds no Parquet conversion of it\.$/);
    });

    it('when it is gated, and the token stays unsaid', async () => {
      holding({ 'train.jsonl': row(1) });
      server.fileRefusal = { status: 403, code: 'GatedRepo' };
      const problem = await refused();
      assert.deepEqual([problem.id, problem.where?.field], ['dataset/gated', 'dataset.source.repo_id']);
      assert.match(problem.text, /^"tiny\/rows" is gated: the token that was sent has no access to it \(HTTP 403\)\.$/);
      assert.ok(!JSON.stringify(problem).includes('hf_secret'));
    });
  });

  it('resumes a transfer that broke off, and checks what came', async () => {
    const text = Array.from({ length: 200 }, (_, i) => row(i)).join('');
    holding({ 'train.jsonl': text });
    server.cuts.set('train.jsonl', [4000]);
    assert.equal((await prompts()).length, 200);
    assert.deepEqual(server.requests.filter(({ host }) => host === 'cdn').map(({ range, authorization }) => [range, authorization]), [[undefined, undefined], [`bytes=4000-${text.length - 1}`, undefined]]);
  });
});
