import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { Readable } from 'node:stream';
import { runCommandLine } from '../../src/cli/commandLine';
import { UploadStore } from '../../src/datasets';
import { makeRecipe } from '../../src/recipe';
import { readEvents, RunDirectory } from '../../src/training';
import { HubServer, commit } from '../models/hubServer';
import { temporaryFolders } from '../training/runFixture';
import { lossesOf, tinyRecipe } from '../training/tinyRun';

const VARIABLES = ['HF_ENDPOINT', 'HF_HOME', 'HF_TOKEN', 'HF_HUB_OFFLINE', 'HF_HUB_CACHE'];
const next = 'd'.repeat(40);

async function merlina(args: readonly string[], onOut: (text: string) => void = () => undefined): Promise<{ exit: number; out: string; error: string }> {
  let out = '', error = '';
  const exit = await runCommandLine(args, {
    out: text => {
      out += text;
      onOut(text);
    },
    error: text => { error += text; }, isInteractive: false, columns: 80,
  });
  return { exit, out, error };
}

describe('cli, datasets that lie elsewhere', function () {
  this.timeout(60_000);
  const folder = temporaryFolders();
  const before: Record<string, string | undefined> = {};
  let server: HubServer, rows: Buffer;

  beforeEach(async () => {
    rows = fs.readFileSync(tinyRecipe(folder()).dataset.source.file_path!);
    server = new HubServer('tiny/rows', new Map([['train.jsonl', rows], ['test.jsonl', rows]]), 'dataset');
    await server.start();
    for (const name of VARIABLES) {
      before[name] = process.env[name];
      delete process.env[name];
    }
    Object.assign(process.env, { HF_ENDPOINT: server.endpoint, HF_HOME: path.join(folder(), 'hf'), HF_TOKEN: 'hf_secret' });
  });
  afterEach(async () => {
    for (const name of VARIABLES) if (before[name] === undefined) delete process.env[name]; else process.env[name] = before[name];
    await server.stop();
  });

  function recipeFile(source: object, more: object = {}): string {
    const file = path.join(folder(), 'hub.merlina.json'), { dataset, ...recipe } = tinyRecipe(folder(), { eval_steps: 0, save_steps: 1 });
    fs.writeFileSync(file, JSON.stringify(makeRecipe({ ...recipe, dataset: { source, format: dataset.format, ...more } })));
    return file;
  }

  it('checks and trains rows of the hub, and notes at which commit they were read', async () => {
    const source = { source_type: 'huggingface', repo_id: 'tiny/rows' }, recipe = recipeFile(source, { additional_sources: [{ ...source, split: 'test' }] }), run = path.join(folder(), 'run');
    const checked = await merlina(['validate', recipe, '--data-dir', folder()]);
    assert.equal(checked.exit, 0, checked.out);
    assert.match(checked.out, /^ok {4}Dataset +16 rows to train/m);
    const { exit, error } = await merlina(['train', recipe, '--run-dir', run, '--data-dir', folder()]);
    assert.equal(exit, 0, error);
    const started = readEvents(new RunDirectory(run)).find(event => event.type === 'started');
    assert.deepEqual([started?.dataset.rows, started?.dataset.revisions], [16, [{ id: 'tiny/rows', revision: 'main', commit }]]);
    for (const name of fs.readdirSync(run, { recursive: true, withFileTypes: true }))
      if (name.isFile()) assert.ok(!fs.readFileSync(path.join(name.parentPath, name.name)).includes('hf_secret'), name.name);
  });

  it('goes on with the rows it began with, whatever the branch names since', async () => {
    const recipe = recipeFile({ source_type: 'huggingface', repo_id: 'tiny/rows' }), run = path.join(folder(), 'run'), whole = path.join(folder(), 'whole');
    assert.equal((await merlina(['train', recipe, '--run-dir', whole])).exit, 0);
    const stopped = await merlina(['train', recipe, '--run-dir', run, '--json'], line => {
      if (line.includes('"metrics"') && line.includes('"step":2,')) fs.writeFileSync(new RunDirectory(run).control, 'stop\n');
    });
    assert.equal(stopped.exit, 130, stopped.error);
    server.branches.set('old', { commit, files: new Map(server.files) });
    server.branches.set('main', { commit: next, files: new Map([['train.jsonl', Buffer.from(rows.toString().replaceAll('wand', 'broom'))]]) });
    const resumed = await merlina(['train', '--resume', '--run-dir', run]);
    assert.equal(resumed.exit, 0, resumed.error);
    assert.deepEqual(lossesOf(run), lossesOf(whole));
  });

  it('says what to do where the dataset cannot be had', async () => {
    const recipe = recipeFile({ source_type: 'huggingface', repo_id: 'tiny/rows', split: 'tset' });
    const { exit, error } = await merlina(['train', recipe, '--run-dir', path.join(folder(), 'run')]);
    assert.deepEqual([exit, error], [2, 'error: "dataset.source.split": "tiny/rows" has no split "tset". There is: train, test. Set it to "test".\n']);
    assert.ok(!fs.existsSync(path.join(folder(), 'run')));
  });

  it('trains an upload of the data folder, and says where there is none', async () => {
    const { dataset_id } = await new UploadStore(path.join(folder(), 'uploads')).store('rows.jsonl', Readable.from([rows]), 1e6);
    const recipe = recipeFile({ source_type: 'upload', dataset_id }), run = path.join(folder(), 'run');
    assert.match((await merlina(['validate', recipe, '--data-dir', folder()])).out, /^ok {4}Dataset +8 rows to train/m);
    const { exit, error } = await merlina(['train', recipe, '--run-dir', run, '--data-dir', folder()]);
    assert.equal(exit, 0, error);
    assert.equal(server.requests.length, 0);
    const elsewhere = await merlina(['validate', recipe, '--data-dir', path.join(folder(), 'other')]);
    assert.equal(elsewhere.exit, 2);
    assert.match(elsewhere.out, new RegExp(`"dataset\\.source\\.dataset_id": There is no upload "${dataset_id}"\\. There is: none\\. Upload the file again`));
  });
});
