import { strict as assert } from 'node:assert';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { runCommandLine } from '../../src/cli/commandLine';
import { tinyRecipe } from '../training/tinyRun';

let folder = '';
async function merlina(...args: string[]): Promise<{ exit: number; out: string; error: string }> {
  let out = '', error = '';
  const exit = await runCommandLine([...args, '--data-dir', folder], { out: text => { out += text; }, error: text => { error += text; }, isInteractive: false, columns: 80 });
  return { exit, out, error };
}
function recipeFile(changes: Parameters<typeof tinyRecipe>[1] = {}): string {
  const file = path.join(folder, 'tiny.merlina.json');
  fs.writeFileSync(file, JSON.stringify(tinyRecipe(folder, { lora_r: 8, ...changes })));
  return file;
}

describe('merlina validate and estimate', function () {
  this.timeout(20_000);
  beforeEach(() => { folder = fs.mkdtempSync(path.join(os.tmpdir(), 'merlina-preflight-')); });
  afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

  it('finds a sound recipe valid, with a line a check', async () => {
    const { exit, out } = await merlina('validate', recipeFile());
    assert.equal(exit, 0, out);
    assert.match(out, /^ok {4}Model /m);
    assert.match(out, /rows to train/);
  });

  it('gives the report as one object', async () => {
    const { exit, out } = await merlina('validate', recipeFile({ target_modules: ['nonsense'] }), '--json');
    const report = JSON.parse(out) as { valid: boolean; errors: { id: string }[]; checks: Record<string, { status: string }> };
    assert.equal(exit, 2);
    assert.equal(report.valid, false);
    assert.deepEqual(report.errors.map(({ id }) => id), ['adapter/no-such-module']);
    assert.equal(report.checks.adapter!.status, 'fail');
    assert.equal(report.checks.model!.status, 'pass');
  });

  it('reports a file that is no recipe as not valid', async () => {
    const file = path.join(folder, 'bad.merlina.json');
    fs.writeFileSync(file, '{ "output_name": "x", "batch_size": 0 }');
    const { exit, out } = await merlina('validate', file, '--json');
    assert.equal(exit, 2);
    assert.match(out, /"valid":false.*recipe\/out-of-bounds/);
  });

  it('names a dataset file that is missing, and checks the rest', async () => {
    const file = recipeFile({ dataset: { source: { source_type: 'local_file', file_path: 'nowhere.jsonl' } } });
    const { exit, out } = await merlina('validate', file);
    assert.equal(exit, 2);
    assert.match(out, /There is no file .*nowhere\.jsonl/);
    assert.match(out, /^ok {4}LoRA/m);
  });

  it('says when a run of the name is there', async () => {
    fs.mkdirSync(path.join(folder, 'runs', 'tiny'), { recursive: true });
    fs.writeFileSync(path.join(folder, 'runs', 'tiny', 'events.ndjson'), '');
    assert.match((await merlina('validate', recipeFile())).out, /There is a run named "tiny" already/);
  });

  it('estimates memory from the rows, component by component', async () => {
    const { exit, out } = await merlina('estimate', recipeFile(), '--json');
    const estimate = JSON.parse(out) as { total_bytes: number; components_bytes: Record<string, number>; confidence: string };
    assert.equal(exit, 0);
    assert.equal(estimate.confidence, 'high');
    assert.equal(estimate.total_bytes, Math.round(Object.values(estimate.components_bytes).reduce((sum, bytes) => sum + bytes, 0)));
  });
});

describe('merlina train, before it starts', function () {
  this.timeout(30_000);
  beforeEach(() => { folder = fs.mkdtempSync(path.join(os.tmpdir(), 'merlina-preflight-')); });
  afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

  it('refuses what preflight finds, and leaves no run behind', async () => {
    const { exit, error } = await merlina('train', recipeFile({ target_modules: ['nonsense'] }));
    assert.equal(exit, 2);
    assert.match(error, /names "nonsense"/);
    assert.equal(fs.existsSync(path.join(folder, 'runs')), false);
  });

  it('shows warnings and trains', async () => {
    const { exit, error } = await merlina('train', recipeFile({ max_steps: 1 }));
    assert.equal(exit, 0, error);
    assert.match(error, /warning: .*noisy steps/);
  });
});
