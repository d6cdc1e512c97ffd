/** The cache that we write is the one that Python tools read, and the other way round. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createLoader } from '../../src/datasets';
import { renderProblem } from '../../src/shared/problem';
import { needsPython } from '../needs';
import { HubServer, commit } from './hubServer';
import { problemOf, temporaryFolder } from './support';

const READ = `
import json, sys
from huggingface_hub import scan_cache_dir, snapshot_download
cache = sys.argv[1]
folder = snapshot_download("tiny/rows", repo_type="dataset", cache_dir=cache, local_files_only=True)
found = scan_cache_dir(cache)
print(json.dumps({"folder": folder, "warnings": [str(w) for w in found.warnings], "repos": [[r.repo_type, r.repo_id, r.nb_files] for r in found.repos]}))
`;
const WRITE = `
import sys
from huggingface_hub import snapshot_download
snapshot_download("tiny/rows", repo_type="dataset", cache_dir=sys.argv[1], token=False, allow_patterns=["README.md"] + sys.argv[2:])
`;
const LOAD = `
import json, sys
from datasets import load_dataset
print(json.dumps(load_dataset("tiny/rows", split="test", cache_dir=sys.argv[2])["prompt"][:]))
`;

describe('the cache of the hub', function () {
  this.timeout(120_000);
  const folder = temporaryFolder(), row = (n: number): string => `{"prompt":"question ${n}","chosen":"answer"}\n`;
  const many = Array.from({ length: 100 }, (_, n) => row(n)).join('');
  let python: string, server: HubServer;

  before(async function () {
    python = needsPython(this);
    server = new HubServer('tiny/rows', new Map([['README.md', '---\nconfigs:\n- config_name: default\n  data_files:\n  - split: train\n    path: data/train-*\n  - split: test\n    path: test.jsonl\n---\n'], ['data/train-0.jsonl', many], ['test.jsonl', row(7)]].map(([name, text]) => [name!, Buffer.from(text!)])), 'dataset');
    await server.start();
  });
  after(() => server?.stop());

  const run = async (script: string, ...args: string[]): Promise<string> => (await promisify(execFile)(python, ['-c', script, ...args], {
    env: { ...process.env, HF_ENDPOINT: server.endpoint, HF_HUB_DISABLE_XET: '1', HF_HOME: join(folder, 'home'), HF_HUB_CACHE: args[0]! },
  })).stdout;
  const prompts = async (cacheDir: string, split: string, isOffline: boolean): Promise<unknown[]> => {
    const found: unknown[] = [];
    for await (const { cells } of createLoader({ source_type: 'huggingface', repo_id: 'tiny/rows', split }, '.', 'dataset.source', { hub: { cacheDir, endpoint: server.endpoint, isOffline } }).rows()) found.push(cells.prompt);
    return found;
  };

  it('written here is read by huggingface_hub, which finds nothing amiss', async () => {
    const cacheDir = join(folder, 'ours');
    assert.equal((await prompts(cacheDir, 'train', false)).length, 100);
    const found = JSON.parse(await run(READ, cacheDir)) as { folder: string; warnings: string[]; repos: unknown[] };
    assert.deepEqual(found, { folder: join(cacheDir, 'datasets--tiny--rows', 'snapshots', commit), warnings: [], repos: [['dataset', 'tiny/rows', 2]] });
    assert.equal(readFileSync(join(found.folder, 'data', 'train-0.jsonl'), 'utf8'), many);
  });

  it('written by huggingface_hub is read here, without asking for anything', async () => {
    const cacheDir = join(folder, 'theirs');
    await run(WRITE, cacheDir, '*');
    server.requests.length = 0;
    assert.deepEqual(await prompts(cacheDir, 'test', true), ['question 7']);
    assert.equal((await prompts(cacheDir, 'train', true)).length, 100);
    assert.deepEqual(server.requests, []);
  });

  it('holding a part that huggingface_hub brought is known to be a part, by its list', async () => {
    const cacheDir = join(folder, 'part');
    await run(WRITE, cacheDir, 'test*');
    assert.deepEqual(await prompts(cacheDir, 'test', true), ['question 7']);
    assert.match(renderProblem(await problemOf(() => prompts(cacheDir, 'train', true))), /"data\/train-0\.jsonl" of "tiny\/rows" \(commit [0-9a-f]+\) is not in the cache .*, and offline mode is on/);
  });

  it('holds the rows that datasets reads', async () => {
    assert.deepEqual(JSON.parse(await run(LOAD, join(folder, 'both'), join(folder, 'arrow'))), await prompts(join(folder, 'both'), 'test', true));
  });
});
