import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ModelSource } from '../../src/models/source';
import { type ProblemError } from '../../src/shared/problem';
import { encodeAdapterConfig, parseAdapterConfig, readAdapter } from '../../src/models';
import { adapterFiles } from '../../src/training/adapter';
import { DISK, replaceFolder } from '../../src/training/durableFiles';
import { temporaryFolders } from './runFixture';

const folder = temporaryFolders();
const INIT = fileURLToPath(new URL('../fixtures/reference/training/runs/orpo/init', import.meta.url));
const MODEL: ModelSource = {
  id: 'llama', fingerprint: '', config: {}, tensors: new Map(), tokenizer: undefined, chatTemplate: undefined, generationConfig: undefined,
};

/** PEFT writes sets as lists in any order. */
const sortedIfList = (value: unknown): unknown => (Array.isArray(value) ? (value as unknown[]).map(String).sort() : value);

describe('training/adapter', () => {
  it("reads PEFT's adapter and writes it back with the same tensors and settings", async () => {
    const { settings, tensors } = await readAdapter(INIT);
    assert.deepEqual([settings.rank, settings.alpha, settings.targetModules.length, tensors.size], [8, 16, 7, 28]);
    const parameters = [...tensors].map(([name, data]) => ({ name, data, decays: true, shape: name.includes('lora_A') ? [8, data.length / 8] : [data.length / 8, 8] }));
    const copy = path.join(folder(), 'adapter');
    replaceFolder(copy, adapterFiles(parameters, settings, MODEL), DISK);
    assert.deepEqual(await readAdapter(copy), await readAdapter(INIT));
  });

  it('writes only keys that PEFT 0.21 writes, with its values where nothing was chosen', () => {
    const reference = JSON.parse(fs.readFileSync(path.join(INIT, 'adapter_config.json'), 'utf8')) as Record<string, unknown>;
    const settings = parseAdapterConfig(reference, [], 'x');
    const ours = JSON.parse(encodeAdapterConfig(settings, 'llama')) as Record<string, unknown>;
    for (const [key, value] of Object.entries(ours)) {
      assert.deepEqual(sortedIfList(value), sortedIfList(reference[key]), key);
    }
  });

  const refusals: [string, Record<string, unknown>, string][] = [
    ['another kind', { peft_type: 'IA3' }, 'The adapter is of type IA3; only LORA can be trained on.'],
    ['DoRA', { use_dora: true }, 'The adapter uses use_dora = true, which the embedded engine does not have.'],
    ['a rank per module', { rank_pattern: { q_proj: 4 } }, 'The adapter uses rank_pattern = {"q_proj":4}, which the embedded engine does not have.'],
    ['biases', { bias: 'all' }, 'The adapter uses bias = "all", which the embedded engine does not have.'],
    ['no rank', { r: 0 }, 'The rank is 0; a whole number from 1 is needed.'],
  ];
  for (const [what, change, text] of refusals) {
    it(`refuses an adapter with ${what}`, () => {
      const config = { peft_type: 'LORA', r: 8, lora_alpha: 16, target_modules: ['q_proj'], ...change };
      assert.throws(() => parseAdapterConfig(config, [], 'adapter_config.json'), (error: ProblemError) => error.problems[0]!.text === text);
    });
  }

  it('takes the adapted modules from the tensors where target_modules is a pattern', () => {
    const config = { peft_type: 'LORA', r: 8, lora_alpha: 16, target_modules: '.*q_proj' };
    const names = ['base_model.model.model.layers.0.self_attn.q_proj.lora_A.weight', 'base_model.model.model.layers.0.self_attn.q_proj.lora_B.weight'];
    assert.deepEqual(parseAdapterConfig(config, names, 'x').targetModules, ['model.layers.0.self_attn.q_proj']);
  });

  it('says that a folder holds no adapter', async () => {
    await assert.rejects(readAdapter(folder()), (error: ProblemError) =>
      error.message === `${path.join(folder(), 'adapter_config.json')}: The folder holds no adapter: this file cannot be read. Name a folder that PEFT saved an adapter in.`);
  });
});
