import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { readAdapter } from '../../src/models';
import { readEvents, RunDirectory, runTrainer } from '../../src/training';
import { openTrainerSocket } from '../../src/training/trainerSocket';
import { type ProblemError } from '../../src/shared/problem';
import { temporaryFolders } from './runFixture';
import { lossesOf, tinyRecipe } from './tinyRun';

const folder = temporaryFolders();
const MAIN = fileURLToPath(new URL('../../src/training/main.ts', import.meta.url));

function newRun(name: string, changes: Parameters<typeof tinyRecipe>[1] = {}): string {
  const root = path.join(folder(), name);
  RunDirectory.create(root, tinyRecipe(folder(), changes));
  return root;
}

/** A trainer process, once its run has made `steps` updates. */
async function startUntil(root: string, steps: number): Promise<ReturnType<typeof spawn>> {
  const child = spawn(process.execPath, ['--import', 'tsx', MAIN, root], { stdio: 'inherit' });
  while (child.exitCode === null && lossesOf(root).length < steps) await delay(10);
  return child;
}

describe('training/runTrainer', () => {
  it('leaves a complete run: events, checkpoints, an adapter in PEFT format with its tokenizer, a model card', async () => {
    const root = newRun('run');
    const end = await runTrainer(root, { isResume: false });
    assert.deepEqual(end, { kind: 'completed', problems: [] });
    assert.deepEqual(fs.readdirSync(path.join(root, 'adapter')).sort(), [
      'adapter_config.json', 'adapter_model.safetensors', 'chat_template.jinja', 'tokenizer.json', 'tokenizer_config.json',
    ]);
    assert.deepEqual(fs.readdirSync(root).sort(), ['README.md', 'adapter', 'checkpoints', 'events.ndjson', 'log.txt', 'recipe.json', 'series.bin']);
    const types = readEvents(new RunDirectory(root)).map(({ type }) => type);
    assert.equal(types.filter(type => type === 'started').length, 1);
    assert.equal(types.at(-1), 'completed');
    const { settings, tensors } = await readAdapter(path.join(root, 'adapter'));
    assert.deepEqual([settings.rank, settings.alpha, tensors.size], [4, 8, 28]);
    assert.match(fs.readFileSync(path.join(root, 'README.md'), 'utf8'), /^---\nbase_model: .*\nlibrary_name: peft\n/);
  });

  it('multiplies frozen weights in 8 bits where the recipe says so, and learns nearly the same', async () => {
    const cache = process.env.MERLINA_CACHE;
    process.env.MERLINA_CACHE = path.join(folder(), 'cache');
    try {
      const [exact, coarse] = [newRun('float32'), newRun('int8', { compute_dtype: 'int8' })];
      for (const root of [exact, coarse]) assert.deepEqual(await runTrainer(root, { isResume: false }), { kind: 'completed', problems: [] });
      const [before, now] = [lossesOf(exact), lossesOf(coarse)];
      assert.notDeepEqual(now, before);
      now.forEach(([step, loss], i) => assert.ok(Math.abs(loss / before[i]![1] - 1) < 0.01, `step ${step}: ${loss}, in float32 ${before[i]![1]}`));
      assert.match(fs.readdirSync(path.join(process.env.MERLINA_CACHE, 'decoded')).join(), /^int8-(127|63)-\w+\.safetensors$/);
    } finally {
      if (cache === undefined) delete process.env.MERLINA_CACHE; else process.env.MERLINA_CACHE = cache;
    }
  });

  it('goes on after kill -9 with the losses of the run that was not killed', async () => {
    const whole = newRun('whole');
    await runTrainer(whole, { isResume: false });
    const killed = newRun('killed');
    const child = await startUntil(killed, 5);
    child.kill('SIGKILL');
    await once(child, 'exit');
    const before = lossesOf(killed).length;
    const end = await runTrainer(killed, { isResume: true });
    assert.equal(end.kind, 'completed');
    assert.ok(before >= 5 && lossesOf(whole).length > before);
    assert.deepEqual(lossesOf(killed), lossesOf(whole));
    assert.deepEqual((await readAdapter(path.join(killed, 'adapter'))).tensors, (await readAdapter(path.join(whole, 'adapter'))).tensors);
  });

  it('stops on SIGTERM with a checkpoint and exit code 130', async () => {
    const root = newRun('run', { num_epochs: 300 });
    const child = await startUntil(root, 3);
    child.kill('SIGTERM');
    const [code] = await once(child, 'exit') as [number];
    assert.equal(code, 130);
    const last = readEvents(new RunDirectory(root)).at(-1);
    assert.ok(last?.type === 'stopped' && last.checkpoint !== undefined && fs.existsSync(last.checkpoint));
    assert.ok(!fs.existsSync(path.join(root, 'trainer.pid')));
  });

  it('stops when its control file says so, and a resume clears it', async () => {
    const root = newRun('run');
    const { control } = new RunDirectory(root);
    const first = await runTrainer(root, {
      isResume: false,
      onEvent: event => {
        if (event.type === 'metrics' && event.step === 2) fs.writeFileSync(control, 'stop\n');
      },
    });
    assert.equal(first.kind, 'stopped');
    assert.equal((await runTrainer(root, { isResume: true })).kind, 'completed');
    assert.equal(lossesOf(root).length, 9);
  });

  it('refuses a resume with a changed recipe and lists the keys', async () => {
    const root = newRun('run');
    await runTrainer(root, { isResume: false, onEvent: event => event.type === 'metrics' && event.step === 3 && fs.writeFileSync(new RunDirectory(root).control, 'stop') });
    const file = new RunDirectory(root).recipe;
    const recipe = JSON.parse(fs.readFileSync(file, 'utf8')) as { learning_rate: number; dataset: { test_size: number } };
    fs.writeFileSync(file, JSON.stringify({ ...recipe, learning_rate: 1e-3, dataset: { ...recipe.dataset, test_size: 0.3 } }));
    const { kind, problems } = await runTrainer(root, { isResume: true });
    assert.equal(kind, 'failed');
    assert.equal(problems[0]!.text, 'The recipe is not the one this run began with: 2 keys differ (dataset.test_size, learning_rate).');
    assert.deepEqual(problems[0]!.notes, ['dataset.test_size: was 0.2, is 0.3', 'learning_rate: was 0.002, is 0.001']);
  });

  it('refuses a resume with other rows', async () => {
    const root = newRun('run');
    await runTrainer(root, { isResume: false, onEvent: event => event.type === 'metrics' && event.step === 3 && fs.writeFileSync(new RunDirectory(root).control, 'stop') });
    fs.appendFileSync(path.join(folder(), 'rows.jsonl'), '{"prompt":"New?","chosen":"Yes.","rejected":"No."}\n');
    const { problems } = await runTrainer(root, { isResume: true });
    assert.equal(problems[0]!.id, 'training/inputs-changed');
  });

  it('refuses to resume what is complete, or to train what is being trained, and writes nothing', async () => {
    const root = newRun('run', { max_steps: 1 });
    await runTrainer(root, { isResume: false });
    const events = fs.readFileSync(new RunDirectory(root).events, 'utf8');
    const idOf = (error: ProblemError): string => error.problems[0]!.id;
    await assert.rejects(runTrainer(root, { isResume: true }), (error: ProblemError) => idOf(error) === 'training/already-complete');
    const other = newRun('other');
    const close = await openTrainerSocket(other);
    await assert.rejects(runTrainer(other, { isResume: false }), (error: ProblemError) => idOf(error) === 'training/already-running');
    assert.equal(fs.readFileSync(new RunDirectory(root).events, 'utf8'), events);
    assert.ok(!fs.existsSync(new RunDirectory(other).events));
    close();
  });

  it('trains where a killed trainer left its number behind, whoever has that number now', async () => {
    const root = newRun('run', { max_steps: 1 });
    fs.writeFileSync(new RunDirectory(root).pid, String(process.ppid));
    assert.equal((await runTrainer(root, { isResume: false })).kind, 'completed');
  });

  it('starts from an adapter, whose own shape wins over the recipe', async () => {
    const first = newRun('first', { max_steps: 2 });
    await runTrainer(first, { isResume: false });
    const second = newRun('second', { max_steps: 1, lora_r: 16, init_adapter: path.join(first, 'adapter') });
    assert.equal((await runTrainer(second, { isResume: false })).kind, 'completed');
    assert.equal((await readAdapter(path.join(second, 'adapter'))).settings.rank, 4);
    const said = readEvents(new RunDirectory(second)).flatMap(event => (event.type === 'log' ? [event.text] : []));
    assert.deepEqual(said.filter(text => !text.startsWith('Device ')), ["init_adapter decides lora_r (4 instead of the recipe's 16)."]);
  });

  it('trains all weights into a model that can be opened again', async () => {
    const root = newRun('run', { use_lora: false, max_steps: 2, learning_rate: 1e-4 });
    assert.equal((await runTrainer(root, { isResume: false })).kind, 'completed');
    const next = newRun('next', { base_model: path.join(root, 'model'), max_steps: 1 });
    assert.equal((await runTrainer(next, { isResume: false })).kind, 'completed');
  });

  for (const method of ['sft', 'dpo', 'kto', 'simpo', 'cpo', 'ipo'] as const) {
    it(`trains ${method} from the same rows`, async () => {
      const root = newRun('run', { training_mode: method, max_steps: 2, batch_size: 2 });
      assert.deepEqual(await runTrainer(root, { isResume: false }), { kind: 'completed', problems: [] });
    });
  }

  it('answers the sample prompts before training and at each evaluation', async () => {
    const root = newRun('run', { max_steps: 4, eval_steps: 2, sample_prompts: ['Who are you?'] });
    await runTrainer(root, { isResume: false });
    const samples = readEvents(new RunDirectory(root)).flatMap(event => (event.type === 'sample' ? [event] : []));
    assert.deepEqual(samples.map(({ step, model, samples: [only] }) => [step, model, only!.prompt]), [
      [0, 'base', 'Who are you?'], [2, 'current', 'Who are you?'], [4, 'current', 'Who are you?'],
    ]);
  });

  it('ends with a Problem, not a stack, when there is no such model', async () => {
    const root = newRun('run', { base_model: './nowhere' });
    const { kind, problems } = await runTrainer(root, { isResume: false });
    assert.deepEqual([kind, problems[0]!.id], ['failed', 'models/no-such-model']);
    const last = readEvents(new RunDirectory(root)).at(-1);
    assert.ok(last?.type === 'error' && last.problem.id === 'models/no-such-model');
  });

  it('says at which step, on which rows and in which tensor a rate too high made NaN', async () => {
    const root = newRun('run', { learning_rate: 1, lr_scheduler_type: 'constant', optimizer_type: 'sgd', max_grad_norm: 0, num_epochs: 50, lora_alpha: 1024, save_steps: 1 });
    const { kind, problems } = await runTrainer(root, { isResume: false });
    assert.equal(kind, 'failed');
    assert.equal(problems[0]!.id, 'training/not-finite');
    assert.match(problems[0]!.text, /at step \d+, on rows? rows\.jsonl:\d+.*; first bad tensor: \S+/);
  });
});
