/** An adapter that we trained loads in PEFT, and there the model answers as it does here. */
import { strict as assert } from 'node:assert';
import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { createGenerator } from '../../src/engine';
import { findArchitecture, mappableTensors, openModel, readAdapter, readArchitecture } from '../../src/models';
import { RunDirectory, runTrainer } from '../../src/training';
import { needsPython } from '../needs';

const HERE = path.dirname(fileURLToPath(import.meta.url));
const MODELS = path.resolve(HERE, '../fixtures/reference/training/models');

/** Separate and fused projections, qk-norm, soft-capping. */
const ARCHITECTURES = ['llama', 'phi3', 'qwen3', 'gemma2'];

/** Any ids of the vocabulary will do; they are fixed so that a failure can be run again. */
const IDS = [1, 17, 42, 99, 123, 7, 64, 200];

/** Float32 on both sides, sums in another order. */
const TOLERANCE = 1e-3;

const ROWS = ['red', 'blue', 'green', 'grey'].map(colour => ({ prompt: `Say ${colour}.`, chosen: `It is ${colour}.`, rejected: 'No.' }));

describe('an adapter trained here', function () {
  this.timeout(300_000);
  let folder: string;
  let python: string;
  before(async function () {
    python = needsPython(this);
    folder = await mkdtemp(path.join(tmpdir(), 'merlina-peft-'));
    await writeFile(path.join(folder, 'rows.jsonl'), ROWS.map(row => JSON.stringify(row)).join('\n'));
  });
  after(() => (folder ? rm(folder, { recursive: true, force: true }) : undefined));

  it(`loads in PEFT with the same logits (${ARCHITECTURES.join(', ')})`, async () => {
    const cases = [];
    for (const name of ARCHITECTURES) cases.push({ model: path.join(MODELS, name), adapter: await trainAdapter(name), ids: IDS });
    const theirs = askPeft(python, cases);
    for (const [index, { model, adapter }] of cases.entries()) {
      const { before, after } = theirs[index];
      const name = ARCHITECTURES[index];
      assert.ok(largestDifference(before, after) > 10 * TOLERANCE, `${name}: the adapter changes nothing`);
      const difference = largestDifference(await ourLogits(model, adapter), after);
      assert.ok(difference < TOLERANCE, `${name}: logits differ by ${difference}`);
    }
  });

  /** Gives the adapter's folder. A large rate, so that a few steps are visible in the logits. */
  async function trainAdapter(name: string): Promise<string> {
    const root = path.join(folder, name);
    const { config } = await openModel(path.join(MODELS, name));
    RunDirectory.create(root, {
      base_model: path.join(MODELS, name), output_name: name, training_mode: 'orpo', lora_r: 4, lora_alpha: 8, lora_dropout: 0, use_4bit: false,
      target_modules: findArchitecture(config).defaultTargets,
      learning_rate: 0.01, lr_scheduler_type: 'constant', warmup_ratio: 0, max_steps: 3, gradient_accumulation_steps: 1, max_length: 128, max_prompt_length: 64, eval_steps: 0,
      dataset: { source: { source_type: 'local_file', file_path: path.join(folder, 'rows.jsonl') }, test_size: 0 },
    });
    const { kind, problems } = await runTrainer(root, { isResume: false });
    assert.equal(kind, 'completed', JSON.stringify(problems));
    return path.join(root, 'adapter');
  }
});

async function ourLogits(modelFolder: string, adapterFolder: string): Promise<ArrayLike<number>> {
  const model = await openModel(modelFolder);
  const { settings, tensors } = await readAdapter(adapterFolder);
  const generator = await createGenerator({
    spec: readArchitecture(model.config), tensors: await mappableTensors(model), adapter: { ...settings, dropout: 0, seed: 0, initial: tensors }, maxLength: 64,
  });
  try {
    return await generator.nextAll(IDS);
  } finally {
    await generator.release();
  }
}

function askPeft(python: string, cases: readonly object[]): { before: number[]; after: number[] }[] {
  const { status, stdout, stderr } = spawnSync(python, [path.join(HERE, 'peft_logits.py')], {
    input: cases.map(one => JSON.stringify(one)).join('\n'), encoding: 'utf8', maxBuffer: 1 << 28,
  });
  assert.equal(status, 0, stderr);
  return stdout.trim().split('\n').map(line => JSON.parse(line) as { before: number[]; after: number[] });
}

function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  assert.equal(a.length, b.length);
  return Array.from(a).reduce((largest, value, index) => Math.max(largest, Math.abs(value - b[index])), 0);
}
