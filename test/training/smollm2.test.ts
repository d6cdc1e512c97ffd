/** A real model: SmolLM2-135M beside TRL on real rows, and straight from its GGUF. */
import { strict as assert } from 'node:assert';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { makeRecipe } from '../../src/recipe';
import type { MetricsEvent } from '../../src/shared/events';
import { RunDirectory, runTrainer } from '../../src/training';
import { needsPython, needsSmolLM2 } from '../needs';

const TESTS = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');

/** Pairs trained on; the bench in test/bench takes all twelve. */
const PAIRS = 2;
/** Largest difference of a loss that the project allows itself. */
const TOLERANCE = 1e-3;
/** The GGUF holds the weights as quantised, the folder of the bench as rounded to bfloat16; the loss of untrained weights differs by that. */
const FIRST_LOSS = { trl: 1.8527255, tolerance: 5e-3 };

interface BenchResult { rows: number[]; measured: { name: string; runs: { losses: number[] }[] }[] }

describe('SmolLM2-135M', function () {
  this.timeout(900_000);
  let folder: string;
  let gguf: string;
  before(function () {
    gguf = needsSmolLM2(this);
    folder = mkdtempSync(path.join(tmpdir(), 'merlina-smollm2-'));
    const rows = JSON.parse(readFileSync(path.join(TESTS, 'fixtures/text/rows.json'), 'utf8')) as { dpo_en_demo: unknown[] };
    writeFileSync(path.join(folder, 'pairs.json'), JSON.stringify(rows.dpo_en_demo));
  });
  after(() => { if (folder) rmSync(folder, { recursive: true, force: true }); });

  it('trains straight from its GGUF', async () => {
    const cache = process.env.MERLINA_CACHE;
    process.env.MERLINA_CACHE = path.join(folder, 'cache');
    try {
      const losses: number[] = [];
      const root = path.join(folder, 'run');
      RunDirectory.create(root, makeRecipe({
        base_model: gguf, output_name: 'smollm2', training_mode: 'orpo', use_4bit: false, lora_r: 16, lora_alpha: 16, lora_dropout: 0, learning_rate: 1e-3, lr_scheduler_type: 'constant',
        warmup_ratio: 0, gradient_accumulation_steps: 1, max_steps: 2, eval_steps: 0, shuffle_dataset: false, max_length: 1024, max_prompt_length: 900, optimizer_type: 'adamw_torch',
        dataset: { source: { source_type: 'local_file', file_path: path.join(folder, 'pairs.json') }, max_samples: 1 },
        num_epochs: 2,
      }));
      const { kind, problems } = await runTrainer(root, { isResume: false, onEvent: event => { if (event.type === 'metrics') losses.push((event as MetricsEvent).loss); } });
      assert.deepEqual([kind, problems], ['completed', []]);
      assert.ok(Math.abs(losses[0] - FIRST_LOSS.trl) < FIRST_LOSS.tolerance, `first loss ${losses[0]}`);
      assert.ok(losses[1] < losses[0], `losses ${losses.join(', ')}`);
    } finally {
      if (cache === undefined) delete process.env.MERLINA_CACHE; else process.env.MERLINA_CACHE = cache;
    }
  });

  describe('beside TRL', () => {
    let python: string;
    before(function () { python = needsPython(this); });

    it(`has TRL's loss at each of ${PAIRS} updates, from the same adapter`, () => {
      const model = path.join(folder, 'model');
      command(python, [path.join(TESTS, 'bench/smollm2.py'), model]);
      const out = path.join(folder, 'bench.json');
      command(process.execPath, [
        '--import', 'tsx', path.join(TESTS, 'bench/train.ts'), '--model', model, '--pairs', path.join(folder, 'pairs.json'),
        '--python', python, '--rows', String(PAIRS), '--rounds', '1', '--only', 'float32,trl-float32', '--out', out,
      ]);
      const { measured, rows } = JSON.parse(readFileSync(out, 'utf8')) as BenchResult;
      const [ours, trl] = ['float32', 'trl-float32'].map(name => measured.find(one => one.name === name)!.runs);
      assert.deepEqual([rows.length, ours[0].losses.length, trl[0].losses.length], [PAIRS, PAIRS, PAIRS]);
      trl[0].losses.forEach((loss, i) => assert.ok(Math.abs(loss - ours[0].losses[i]) < TOLERANCE, `update ${i + 1}: ${ours[0].losses[i]}, TRL ${loss}`));
    });
  });
});

function command(program: string, args: string[]): void {
  const { status, stdout, stderr } = spawnSync(program, args, { cwd: path.resolve(TESTS, '..'), encoding: 'utf8', env: { ...process.env, HF_HUB_OFFLINE: '1' } });
  assert.equal(status, 0, `${path.basename(args[0])} ended with ${status}:\n${stdout}\n${stderr}`);
}
