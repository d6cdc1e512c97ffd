import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { readArchitecture } from '../../src/models';
import type { ModelConfig } from '../../src/models';
import { CHECKS, PreflightValidator } from '../../src/preflight';
import type { Environment } from '../../src/preflight';
import { countUpdates } from '../../src/preflight/countUpdates';
import { editRecipeText, makeRecipe, presets, readRecipe, withPreset } from '../../src/recipe';
import type { Recipe, RecipeChange, RecipeInput, TrainingMode } from '../../src/recipe';
import { countSteps } from '../../src/training/steps';
import { STARTERS } from '../../src/vscode/starters';
import { CARD, PYTHON, recipe, SOUND } from './literals';

interface Case {
  check: string;
  status: 'warn' | 'fail' | 'unknown';
  /** Of the first problem. */
  id?: string;
  recipe?: Partial<RecipeInput>;
  world?: Partial<Environment>;
  /** False where no edit of the recipe mends it. */
  isMendable?: boolean;
}

const GiB = 2 ** 30;
const machine = (changes: Partial<Environment['machine']>): Partial<Environment> => ({ machine: { ...SOUND.machine, ...changes } });
const model = (changes: Partial<Environment['model']>): Partial<Environment> => ({ model: { ...SOUND.model, ...changes } });
const dataset = (changes: Partial<Environment['dataset']>): Partial<Environment> => ({ dataset: { ...SOUND.dataset, ...changes } });
const account = (hubAccount: NonNullable<Environment['tokens']['hubAccount']>): Partial<Environment> => ({ tokens: { huggingFace: true, wandb: true, hubAccount } });
const NO_CUDA = { device: 'cuda', reason: '', problem: { id: 'device/does-not-work', severity: 'error', text: 'It does not.' } } as const;
const TRL = { backend: 'trl' } as const;
const packages = (changes: Record<string, string | undefined>): Record<string, string> => JSON.parse(JSON.stringify({ ...PYTHON.packages, ...changes })) as Record<string, string>;
/** A Python and a card, differing from what is well by this. */
const trl = (python: Partial<typeof PYTHON> & { conflicts?: NonNullable<Environment['python']>['conflicts'] } = {}, card: Partial<typeof CARD> = {}): Partial<Environment> => ({ python: { ...PYTHON, ...python }, gpus: [{ ...CARD, ...card }] });
/** Rows of 2000 tokens, which take about 8 GB at once and less in smaller batches. */
const LONG = { lengths: [{ prompt: 100, responses: [1900, 1900] }], longestTokens: 2000 };
const missing = { id: 'models/no-such-model', severity: 'error' as const, text: 'no such model.' };

const CASES: Case[] = [
  { check: 'model', status: 'fail', id: 'models/no-such-model', world: model({ state: 'unknown', problems: [missing] }), isMendable: false },
  { check: 'model', status: 'fail', id: 'preflight/no-tokenizer', world: model({ hasTokenizer: false }), isMendable: false },
  { check: 'model', status: 'fail', id: 'preflight/no-chat-template', world: model({ hasChatTemplate: false }) },
  { check: 'model', status: 'warn', id: 'preflight/no-stop-token', world: model({ stopToken: undefined }), isMendable: false },
  { check: 'model', status: 'warn', id: 'preflight/beyond-positions', recipe: { max_length: 16384 } },
  { check: 'model', status: 'unknown', world: model({ state: 'unknown', problems: [{ id: 'preflight/model-not-checked', severity: 'info', text: 'not checked.' }] }), isMendable: false },
  { check: 'dataset', status: 'fail', id: 'preflight/dataset-missing', world: dataset({ problems: [{ id: 'preflight/dataset-missing', severity: 'error', text: 'There is no file.' }] }), isMendable: false },
  { check: 'dataset', status: 'warn', id: 'preflight/rows-cut', world: dataset({ cutFraction: 0.4, longestTokens: 3000 }) },
  { check: 'dataset', status: 'warn', id: 'preflight/nothing-to-evaluate', world: dataset({ evalRows: 0 }) },
  { check: 'device', status: 'fail', id: 'preflight/no-backend', recipe: { backend: 'trl' }, world: { backends: ['embedded'] } },
  { check: 'device', status: 'fail', id: 'preflight/no-cuda', recipe: { ...TRL, device: 'cuda' }, world: { python: PYTHON, gpus: [] } },
  { check: 'device', status: 'fail', id: 'preflight/device-not-of-trl', recipe: { ...TRL, device: 'webgpu' }, world: trl() },
  { check: 'device', status: 'warn', id: 'preflight/no-card', recipe: TRL, world: { python: PYTHON, gpus: [] } },
  { check: 'device', status: 'warn', id: 'preflight/no-flash-attention-2', recipe: TRL, world: trl({}, { computeCapability: 7.5 }) },
  { check: 'device', status: 'fail', id: 'preflight/no-flash-attention-2', recipe: { ...TRL, attn_implementation: 'flash_attention_2' }, world: trl({}, { computeCapability: 7.5 }) },
  { check: 'dependencies', status: 'fail', id: 'preflight/no-python', recipe: TRL },
  { check: 'dependencies', status: 'fail', id: 'preflight/python-old', recipe: TRL, world: trl({ version: '3.9.18' }) },
  { check: 'dependencies', status: 'fail', id: 'preflight/python-packages', recipe: TRL, world: trl({ packages: { ...packages({}), trl: undefined } as unknown as typeof PYTHON.packages }) },
  { check: 'dependencies', status: 'fail', id: 'preflight/torch-old', recipe: TRL, world: trl({ packages: { ...PYTHON.packages, torch: '2.4.1+cu121' } }) },
  { check: 'dependencies', status: 'fail', id: 'preflight/python-conflict', recipe: TRL, world: trl({ conflicts: [{ name: 'trl', needs: 'accelerate>=1.4.0', found: '1.2.0' }] }) },
  { check: 'dependencies', status: 'fail', id: 'preflight/no-liger', recipe: { ...TRL, use_liger: true }, world: trl() },
  { check: 'dependencies', status: 'fail', id: 'preflight/no-flash-attention', recipe: { ...TRL, attn_implementation: 'flash_attention_2' }, world: trl() },
  { check: 'dependencies', status: 'warn', id: 'preflight/torch-without-cuda', recipe: TRL, world: trl({ cuda: undefined } as unknown as Partial<typeof PYTHON>) },
  { check: 'dependencies', status: 'warn', id: 'preflight/no-bitsandbytes', recipe: TRL, world: trl({ packages: { ...PYTHON.packages, bitsandbytes: undefined } as unknown as typeof PYTHON.packages }) },
  { check: 'memory', status: 'fail', id: 'preflight/memory', recipe: { ...TRL, batch_size: 8, gradient_accumulation_steps: 2 }, world: trl({}, { freeBytes: 14 * GiB }) },
  { check: 'memory', status: 'fail', id: 'preflight/memory', recipe: { ...TRL, batch_size: 8, gradient_accumulation_steps: 2 }, world: { ...trl({}, { memoryBytes: undefined, freeBytes: undefined } as unknown as Partial<typeof CARD>), ...machine({ freeMemoryBytes: 14 * GiB }) } },
  { check: 'device', status: 'fail', id: 'device/does-not-work', recipe: { device: 'cuda' }, world: { device: NO_CUDA }, isMendable: false },
  { check: 'device', status: 'warn', id: 'preflight/threads', recipe: { threads: 64 } },
  { check: 'memory', status: 'fail', id: 'preflight/memory', recipe: { batch_size: 4, gradient_accumulation_steps: 4 }, world: { ...machine({ freeMemoryBytes: 6 * GiB }), ...dataset(LONG) } },
  { check: 'memory', status: 'warn', id: 'preflight/memory', recipe: { batch_size: 4, gradient_accumulation_steps: 4 }, world: { ...machine({ freeMemoryBytes: 0 }), ...dataset(LONG) } },
  { check: 'memory', status: 'unknown', world: model({ id: 'org/unheard-of', config: undefined, spec: undefined }), isMendable: false },
  { check: 'disk', status: 'fail', id: 'preflight/disk', world: machine({ freeDiskBytes: 0.2 * GiB }) },
  { check: 'disk', status: 'warn', id: 'preflight/disk', world: machine({ freeDiskBytes: 1.2 * GiB }) },
  { check: 'disk', status: 'fail', id: 'preflight/disk', recipe: { save_steps: 0, export_gguf: true, gguf_quant_types: ['F16', 'Q8_0'] }, world: machine({ freeDiskBytes: 0.5 * GiB }) },
  { check: 'disk', status: 'fail', id: 'preflight/download-disk', world: { ...machine({ freeCacheBytes: 3 * GiB }), ...model({ state: 'hub', downloadBytes: 2 * GiB }), ...dataset({ downloadBytes: 2 * GiB }) }, isMendable: false },
  { check: 'disk', status: 'unknown', world: machine({ freeDiskBytes: undefined }), isMendable: false },
  { check: 'adapter', status: 'fail', id: 'adapter/no-such-module', recipe: { target_modules: ['qkv_proj'] } },
  { check: 'adapter', status: 'warn', id: 'preflight/rank-high', recipe: { lora_r: 512, lora_alpha: 64 } },
  { check: 'adapter', status: 'warn', id: 'preflight/rank-low', recipe: { lora_r: 4, lora_alpha: 8 } },
  { check: 'adapter', status: 'warn', id: 'preflight/alpha', recipe: { lora_alpha: 2 } },
  { check: 'adapter', status: 'warn', id: 'preflight/alpha', recipe: { lora_alpha: 1024 } },
  { check: 'learning', status: 'fail', id: 'preflight/rate-hopeless', recipe: { learning_rate: 0.5 } },
  { check: 'learning', status: 'warn', id: 'preflight/rate-high', recipe: { learning_rate: 1e-3 } },
  { check: 'learning', status: 'warn', id: 'preflight/rate-high', recipe: { learning_rate: 5e-4, training_mode: 'sft', use_lora: false, use_4bit: false } },
  { check: 'learning', status: 'warn', id: 'preflight/rate-low', recipe: { learning_rate: 2e-8 } },
  { check: 'learning', status: 'warn', id: 'preflight/batch-small', recipe: { gradient_accumulation_steps: 1 } },
  { check: 'learning', status: 'warn', id: 'preflight/batch-large', recipe: { batch_size: 8, gradient_accumulation_steps: 64 } },
  { check: 'learning', status: 'warn', id: 'preflight/batch-large', recipe: { batch_size: 512, gradient_accumulation_steps: 1 } },
  { check: 'lengths', status: 'fail', id: 'preflight/no-room', recipe: { max_length: 512, max_prompt_length: 512 } },
  { check: 'lengths', status: 'warn', id: 'preflight/little-room', recipe: { max_prompt_length: 2000 }, world: dataset({ state: 'unknown' }) },
  { check: 'lengths', status: 'warn', id: 'preflight/little-room', recipe: { max_length: 128, max_prompt_length: 64 }, world: dataset({ cutFraction: 0.05 }) },
  { check: 'steps', status: 'fail', id: 'preflight/warmup-all', recipe: { warmup_ratio: 1 } },
  { check: 'steps', status: 'warn', id: 'preflight/warmup-long', recipe: { warmup_ratio: 0.8 } },
  { check: 'steps', status: 'warn', id: 'preflight/fewer-than-accumulation', recipe: { gradient_accumulation_steps: 64 }, world: dataset({ trainRows: 20 }) },
  { check: 'output', status: 'fail', id: 'preflight/run-exists', world: { runExists: true }, isMendable: false },
  { check: 'output', status: 'warn', id: 'preflight/name-long', recipe: { output_name: 'a'.repeat(101) } },
  { check: 'output', status: 'warn', id: 'preflight/name-short', recipe: { output_name: 'a' } },
  { check: 'tokens', status: 'fail', id: 'preflight/no-hub-token', recipe: { push_to_hub: true }, world: { tokens: { huggingFace: false, wandb: true } } },
  { check: 'tokens', status: 'fail', id: 'preflight/hub-token-refused', recipe: { push_to_hub: true }, world: account('refused') },
  { check: 'tokens', status: 'warn', id: 'preflight/hub-token-read-only', recipe: { push_to_hub: true }, world: account({ name: 'me', writableNamespaces: [] }) },
  { check: 'tokens', status: 'warn', id: 'preflight/hub-namespace', recipe: { push_to_hub: true, hf_namespace: 'them' }, world: account({ name: 'me', writableNamespaces: ['me', 'us'] }) },
  { check: 'tokens', status: 'warn', id: 'preflight/hub-namespace', recipe: { push_to_hub: true }, world: account({ name: 'me', writableNamespaces: ['us'] }) },
  { check: 'tokens', status: 'unknown', id: 'preflight/hub-account-not-checked', recipe: { push_to_hub: true }, world: account({ why: 'no network' }), isMendable: false },
  { check: 'tokens', status: 'warn', id: 'preflight/no-wandb-key', recipe: { use_wandb: true }, world: { tokens: { huggingFace: true, wandb: false } } },
];

const statusOf = (check: string, asked: Recipe, world: Environment) => new PreflightValidator(CHECKS.filter(({ id }) => id === check)).validate(asked, world).checks[check]!;

describe('preflight checks', () => {
  for (const { id } of CHECKS)
    it(`${id} passes a sound recipe`, () => assert.equal(statusOf(id, recipe(), SOUND).status, 'pass'));

  for (const { check, status, id, isMendable = true, ...one } of CASES) {
    it(`${check}: ${status} (${id ?? 'could not check'})${isMendable ? ', and its fix makes it pass' : ''}`, () => {
      const asked = recipe(one.recipe);
      let world: Environment = { ...SOUND, ...one.world };
      // Free memory just above the estimate is a warning; how much that is, the check itself says.
      if (check === 'memory' && status === 'warn') world = { ...world, machine: { ...world.machine, freeMemoryBytes: 1.1 * neededBytes(asked, world) } };
      const result = statusOf(check, asked, world);
      assert.equal(result.status, status, JSON.stringify(result));
      if (id !== undefined) assert.equal(result.problems[0]!.id, id);
      if (!isMendable) return;
      // Whatever else is offered is an edit that the recipe takes, too.
      for (const { fix } of result.problems) if (fix?.set) edited(asked, fix.set);
      const { set } = result.problems[0]!.fix!;
      assert.ok(set, 'the fix is an edit of the recipe');
      const mended = statusOf(check, edited(asked, set), afterEdit(world, set.key));
      assert.equal(mended.status, 'pass', `${JSON.stringify(set)}: ${JSON.stringify(mended)}`);
    });
  }

  it('has a case that fails for every check, and one that warns', () => {
    for (const status of ['warn', 'fail'] as const)
      assert.deepEqual(CHECKS.map(({ id }) => id).filter(id => !CASES.some(one => one.check === id && one.status === status)), []);
  });

  for (const mode of Object.keys(presets) as TrainingMode[])
    it(`raises no false alarm over the preset ${mode}`, () => {
      const asked = makeRecipe(withPreset(mode, { output_name: 'preset', base_model: 'org/model', dataset: { source: { source_type: 'local_file', file_path: 'rows.jsonl' } } }));
      const { errors, warnings } = new PreflightValidator().validate(asked, SOUND);
      assert.deepEqual([...errors, ...warnings], []);
    });

  for (const { id, recipe: starter } of STARTERS)
    it(`raises no false alarm over the starter ${id}`, () => assert.deepEqual(alarms(makeRecipe(starter as unknown as RecipeInput)), []));

  it('raises no false alarm over the apprentice\'s recipe', () => {
    const folder = path.join(import.meta.dirname, '../../media/apprentice');
    const config = JSON.parse(readFileSync(path.join(folder, 'config.json'), 'utf8')) as ModelConfig;
    const demo = makeRecipe(JSON.parse(readFileSync(path.join(folder, 'demo.merlina.json'), 'utf8')) as RecipeInput);
    assert.deepEqual(alarms(demo, { ...SOUND, ...model({ config, spec: readArchitecture(config), tensorType: 'F32' }) }), []);
  });

  for (const mode of Object.keys(presets) as TrainingMode[])
    it(`raises no false alarm over the preset ${mode} by trl, with a card and all packages`, () =>
      assert.deepEqual(alarms(makeRecipe(withPreset(mode, { output_name: 'preset', base_model: 'org/model', backend: 'trl', dataset: { source: { source_type: 'local_file', file_path: 'rows.jsonl' } } })), { ...SOUND, ...trl({}, { freeBytes: 70 * GiB }) }), []));

  it('counts updates as the trainer does', () => {
    for (const [rows, batch, accumulation, epochs, limit] of [[400, 2, 8, 1, null], [7, 2, 2, 2.5, null], [1, 8, 16, 1, null], [100, 1, 16, 3, 5]] as const) {
      const counts = countSteps({ batchSize: batch, accumulationSteps: accumulation, epochs, maxSteps: limit, warmupRatio: 0, evalSteps: 0, saveSteps: 0 }, rows, 0);
      assert.deepEqual(countUpdates({ batch_size: batch, gradient_accumulation_steps: accumulation, num_epochs: epochs, max_steps: limit }, rows),
        { updatesPerEpoch: counts.updatesPerEpoch, totalSteps: counts.totalSteps });
    }
  });
});

function alarms(asked: Recipe, world: Environment = SOUND): unknown[] {
  const { errors, warnings } = new PreflightValidator().validate(asked, world);
  return [...errors, ...warnings];
}

function neededBytes(asked: Recipe, world: Environment): number {
  const text = statusOf('memory', asked, { ...world, machine: { ...world.machine, freeMemoryBytes: 1 } }).details;
  return Number(/about ([\d.]+) GB/.exec(text)![1]) * GiB;
}

/** As the wizard and the editor's quick fix apply it: in the recipe's text. */
function edited(asked: Recipe, set: RecipeChange): Recipe {
  const { recipe: mended, problems } = readRecipe(editRecipeText(JSON.stringify(asked), [set]));
  assert.ok(mended, JSON.stringify(problems));
  return mended;
}

/** What the same files give once the recipe is edited: rows that are no longer cut, rows split off. */
function afterEdit(world: Environment, key: string): Environment {
  if (key === 'max_length' || key === 'max_prompt_length') return { ...world, dataset: { ...world.dataset, cutFraction: 0 } };
  if (key === 'dataset.test_size') return { ...world, dataset: { ...world.dataset, evalRows: 40 } };
  return world;
}
