/** The files of each split are those that Python's datasets finds, for repositories of many layouts. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createLoader, HuggingFaceLoader } from '../../../src/datasets';
import { ProblemError } from '../../../src/shared/problem';
import { HubServer } from '../../models/hubServer';
import { needsPython } from '../../needs';

const SCRIPT = `
import json, sys
from datasets import load_dataset_builder
found = {}
for layout, config in json.loads(sys.argv[1]):
    try:
        files = load_dataset_builder("tiny/rows", name=config, revision=layout).config.data_files
        found[layout] = {str(split): [name.split("@")[1].split("/", 1)[1] for name in names] for split, names in files.items()}
    except Exception as error:
        found[layout] = None
print(json.dumps(found))
`;

interface Layout { files: string[]; configs?: string; config?: string }
const card = (configs: string): string => `---\nconfigs:\n${configs}\n---\n`;

const LAYOUTS: Record<string, Layout> = {
  'a-folder-of-a-config': { files: ['d/train.csv', 'd/test.csv', 'train.csv'], configs: '- config_name: default\n  data_dir: d' },
  'a-default-config': { files: ['a/x.jsonl', 'b/0.jsonl', 'b/1.jsonl'], configs: '- config_name: a\n  data_files: a/*.jsonl\n- config_name: b\n  default: true\n  data_files:\n  - split: train\n    path: ["b/1.jsonl", "b/0.jsonl"]' },
  'a-named-config': { files: ['a/x.jsonl', 'b/0.jsonl'], configs: '- config_name: a\n  data_files: a/*.jsonl\n- config_name: b\n  default: true\n  data_files: b/*', config: 'a' },
  'no-default-config': { files: ['a/x.jsonl', 'b/0.jsonl'], configs: '- config_name: a\n  data_files: a/*.jsonl\n- config_name: b\n  data_files: b/*' },
  'several-formats': { files: ['train.jsonl', 'valid.jsonl', 'notes.txt', 'LICENSE'] },
  'folders-of-splits': { files: ['data/v1/train/a.json', 'data/v1/train/b.json', 'data/v1/test/a.json', '.hidden/train/a.json'] },
  'shards': { files: ['data/train-00000-of-00002.parquet', 'data/train-00001-of-00002.parquet', 'data/gold-00000-of-00001.parquet', 'extra/train.csv'] },
  'one-file': { files: ['alpaca_data.json', 'dataset_infos.json', 'config.json'] },
  'packed': { files: ['train.jsonl.gz', 'validation.jsonl.gz'] },
  'an-unknown-config': { files: ['train.jsonl'], config: 'english' },
  'any-depth': { files: ['x/y/a.jsonl', 'b.jsonl', '__x/c.jsonl'], configs: '- config_name: default\n  data_files:\n  - split: train\n    path: "**/*.jsonl"' },
  'all-keywords': { files: ['training_1.csv', 'train_2.csv', 'dev.csv', 'val.csv', 'eval.csv'] },
  'a-missing-file': { files: ['a.csv'], configs: '- config_name: default\n  data_files: gone.csv' },
};

describe('datasets of the hub are resolved as Python resolves them', function () {
  this.timeout(120_000);
  let folder: string | undefined, server: HubServer;
  before(function () { needsPython(this); });
  after(async () => {
    await server?.stop();
    if (folder !== undefined) rmSync(folder, { recursive: true });
  });

  it(`the same files for each split, and a Problem where it refuses: ${Object.keys(LAYOUTS).join(', ')}`, async function () {
    const python = needsPython(this);
    folder = mkdtempSync(join(tmpdir(), 'merlina-like-python-'));
    server = new HubServer('tiny/rows', new Map(), 'dataset');
    for (const [name, { files, configs }] of Object.entries(LAYOUTS))
      server.branches.set(name, { commit: createHash('sha1').update(name).digest('hex'), files: new Map([...files, 'README.md'].map(file => [file, Buffer.from(file === 'README.md' && configs !== undefined ? card(configs) : '{}')])) });
    await server.start();
    const { stdout } = await promisify(execFile)(python, ['-c', SCRIPT, JSON.stringify(Object.entries(LAYOUTS).map(([name, { config }]) => [name, config ?? null]))], {
      env: { ...process.env, HF_ENDPOINT: server.endpoint, HF_HUB_DISABLE_XET: '1', HF_HOME: join(folder, 'home') },
    });
    const theirs = JSON.parse(stdout) as Record<string, Record<string, string[]> | null>;
    for (const [name, { config }] of Object.entries(LAYOUTS)) {
      const expected = theirs[name], ours: Record<string, string[]> = {};
      for (const split of Object.keys(expected ?? { train: [] })) {
        const loader = createLoader({ source_type: 'huggingface', repo_id: 'tiny/rows', revision: name, split, config_name: config ?? null }, '.', 'dataset.source', { hub: { endpoint: server.endpoint, cacheDir: join(folder, 'cache'), token: '', retryDelayMs: 1 } });
        assert.ok(loader instanceof HuggingFaceLoader);
        if (expected === null) await assert.rejects(loader.resolve(), (error: unknown) => error instanceof ProblemError, name);
        else ours[split] = (await loader.resolve()).files;
      }
      if (expected !== null) assert.deepEqual(ours, expected, name);
    }
    assert.deepEqual(Object.entries(theirs).filter(([, found]) => found === null).map(([name]) => name), ['no-default-config', 'an-unknown-config', 'a-missing-file'], 'Python, too, refuses only these');
  });
});
