import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import type { Terminal } from '../../src/cli/command';
import { runCommandLine } from '../../src/cli/commandLine';
import { temporaryFolders } from '../training/runFixture';
import { TINY_MODEL, tinyRecipe } from '../training/tinyRun';

const folder = temporaryFolders();
const REFERENCE = path.resolve(TINY_MODEL, '..', '..');

interface Result { exit: number; out: string; error: string }

async function merlina(...args: string[]): Promise<Result> {
  const result: Result = { exit: 0, out: '', error: '' };
  const terminal: Terminal = {
    out: text => void (result.out += text),
    error: text => void (result.error += text),
    isInteractive: false,
    columns: 80,
  };
  result.exit = await runCommandLine(args, terminal);
  return result;
}

function recipeFile(changes: Parameters<typeof tinyRecipe>[1] = {}, name = 'recipe.json'): string {
  const file = path.join(folder(), name);
  fs.writeFileSync(file, JSON.stringify(tinyRecipe(folder(), changes)));
  return file;
}

describe('cli', () => {
  it('helps, each command with an example', async () => {
    const { exit, out } = await merlina('--help');
    assert.equal(exit, 0);
    const commands = [...out.matchAll(/^ {2}(\w+) {2,}/gm)].map(match => match[1]!);
    for (const command of ['train', 'validate', 'estimate', 'doctor', 'generate', 'parity']) assert.ok(commands.includes(command), command);
    for (const command of commands) {
      const help = await merlina(command, '--help');
      assert.equal(help.exit, 0);
      assert.match(help.out, /\nExample:\n {2}\$ merlina \w+/);
    }
  });

  const mistakes: [string[], RegExp][] = [
    [['bake'], /^error: There is no command "bake"\. Commands: train, .*parity\.\n$/],
    [['train'], /^error: No recipe is named\. Give RECIPE\.json/],
    [['train', 'nowhere.json'], /^error: nowhere\.json: There is no such file\. Check the path of the recipe\.\n$/],
    [['train', '--fast'], /^error: .*'--fast'.* See `merlina train --help`\.\n$/s],
    [['train', '--resume', '--run-dir', '/nowhere'], /^error: .*No run lies here/],
    [['generate', '--model', '/nowhere', '--prompt', 'Hi'], /^error: no such model: "\/nowhere"/],
    [['generate', '--model', TINY_MODEL], /^error: No prompt is given\./],
    [['generate', '--model', TINY_MODEL, '--prompt', 'Hi', '--top-p', '2'], /^error: --top-p is "2"; a number from 0 to 1 is needed\.\n$/],
    [['parity', '/nowhere'], /^error: \/nowhere: There is no such file or folder\./],
  ];
  for (const [args, text] of mistakes) {
    it(`answers "${args.join(' ')}" with a Problem and exit code 2`, async () => {
      const { exit, error } = await merlina(...args);
      assert.equal(exit, 2);
      assert.match(error, text);
    });
  }
});

describe('cli/train', () => {
  it('trains a recipe, shows each step, and leaves an adapter that answers', async () => {
    const run = path.join(folder(), 'run');
    const { exit, out } = await merlina('train', recipeFile({ max_steps: 3 }), '--run-dir', run);
    assert.equal(exit, 0);
    assert.match(out, /step 3\/3 {2}loss \d+\.\d{4} {2}[\d.k]+ tokens\/s {2}0 s left\n/);
    assert.match(out, new RegExp(`Done: ${path.join(run, 'adapter')}\n$`));
    const answer = await merlina('generate', '--adapter', path.join(run, 'adapter'), '--prompt', 'Who are you?', '--max-new-tokens', '5', '--temperature', '0', '--json');
    assert.equal(answer.exit, 0);
    assert.equal((JSON.parse(answer.out) as { prompt: string }).prompt, 'Who are you?');
  });

  it('prints events as JSON lines with --json', async () => {
    const { exit, out } = await merlina('train', recipeFile({ max_steps: 1 }), '--run-dir', path.join(folder(), 'run'), '--json');
    assert.equal(exit, 0);
    const types = out.trimEnd().split('\n').map(line => (JSON.parse(line) as { type: string }).type);
    assert.ok(types.includes('started') && types.includes('metrics') && types.at(-1) === 'completed');
  });

  it('puts the run under the data directory, and refuses a second one there', async () => {
    const file = recipeFile({ max_steps: 1 });
    assert.equal((await merlina('train', file, '--data-dir', folder())).exit, 0);
    assert.ok(fs.existsSync(path.join(folder(), 'runs', 'tiny', 'adapter')));
    const again = await merlina('train', file, '--data-dir', folder());
    assert.equal(again.exit, 2);
    assert.match(again.error, /This folder already holds a run\. Resume it with --resume/);
  });

  it('finds the files of a recipe beside it', async () => {
    const recipe = tinyRecipe(folder(), { max_steps: 1 });
    const file = path.join(folder(), 'recipe.json');
    fs.writeFileSync(file, JSON.stringify({ ...recipe, dataset: { ...recipe.dataset, source: { source_type: 'local_file', file_path: 'rows.jsonl' } } }));
    assert.equal((await merlina('train', file, '--run-dir', path.join(folder(), 'run'))).exit, 0);
  });

  it('refuses to resume with another recipe and lists the keys', async () => {
    const run = path.join(folder(), 'run');
    await merlina('train', recipeFile({ max_steps: 1 }), '--run-dir', run);
    const { exit, error } = await merlina('train', recipeFile({ max_steps: 2, beta: 0.2 }, 'other.json'), '--run-dir', run, '--resume');
    assert.equal(exit, 2);
    assert.match(error, /2 keys differ \(beta, max_steps\)\..*\n {2}beta: was 0\.1, is 0\.2\n {2}max_steps: was 1, is 2\n/);
  });

  it('tells bad input (2) from a run that failed (1)', async () => {
    const none = await merlina('train', recipeFile({ base_model: './nowhere' }), '--run-dir', path.join(folder(), 'a'));
    assert.equal(none.exit, 2);
    const diverging = { learning_rate: 1, lr_scheduler_type: 'constant', optimizer_type: 'sgd', max_grad_norm: 0, num_epochs: 50, lora_alpha: 1024 } as const;
    const nan = await merlina('train', recipeFile(diverging), '--run-dir', path.join(folder(), 'b'));
    assert.equal(nan.exit, 1);
    assert.match(nan.error, /^error: .*first bad tensor/m);
  });

  it('collects the faults of a recipe', async () => {
    const file = path.join(folder(), 'bad.json');
    fs.writeFileSync(file, '{\n  "output_name": "x",\n  "lerning_rate": 1,\n  "lora_r": 0\n}\n');
    const { exit, error } = await merlina('train', file);
    assert.equal(exit, 2);
    assert.match(error, /bad\.json, line 3.*lerning_rate/);
    assert.match(error, /bad\.json, line 4.*lora_r/);
  });
});

describe('cli/parity', () => {
  it('runs the kinds it finds, one line a case, and counts them', async () => {
    const { exit, out } = await merlina('parity', path.join(REFERENCE, 'numerics.json'));
    assert.equal(exit, 0);
    assert.match(out, /^numerics\/schedule\/linear\(total=20,warmup=0\) {2}largest error \S+, tolerance 1e-9 {2}ok$/m);
    assert.match(out, /^54 ok, 0 FAIL, 0 skipped$/m);
  });

  it('runs a single run by its folder', async () => {
    const { exit, out } = await merlina('parity', path.join(REFERENCE, 'runs', 'orpo'));
    assert.equal(exit, 0);
    assert.match(out, /^runs\/orpo .* {2}ok\n1 ok, 0 FAIL, 0 skipped\n$/);
  });

  it('fails with exit code 1 when a case does not agree', async () => {
    const file = path.join(folder(), 'numerics.json');
    fs.writeFileSync(file, JSON.stringify({ schedules: [{ name: 'linear', options: {}, total: 2, warmup: 0, lr: [1, 0.6] }] }));
    const { exit, out } = await merlina('parity', file);
    assert.equal(exit, 1);
    assert.match(out, / {2}FAIL\n0 ok, 1 FAIL, 0 skipped\n$/);
  });

  it('says when there is nothing to compare', async () => {
    const { exit, error } = await merlina('parity', folder());
    assert.equal(exit, 2);
    assert.match(error, /No reference fixture was found\. Known kinds: text\/tokenizers/);
  });
});
