import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { importMerlinaConfig, shareEnvelope } from '../../src/recipe';
import { renderProblem } from '../../src/shared/problem';

type Config = Record<string, unknown>;
interface Fixture { valid: { id: string; config: Config; envelope: Config; full_config: Config }[] }
const { valid } = JSON.parse(readFileSync('test/fixtures/recipe/sharecode.json', 'utf8')) as Fixture;
const dataset = { source: { repo_id: 'a/b' } };

describe('importMerlinaConfig', () => {
  it('fills in Merlina\'s defaults where ours differ, only where nothing is set', () => {
    const bare = importMerlinaConfig({ output_name: 'a', dataset }).recipe;
    assert.deepEqual([bare?.gradient_checkpointing, bare?.use_wandb, bare?.dataset.format.format_type], [false, true, 'chatml']);
    const set = importMerlinaConfig({ output_name: 'a', gradient_checkpointing: true, use_wandb: false, dataset: { ...dataset, format: { format_type: 'qwen3' } } }).recipe;
    assert.deepEqual([set?.gradient_checkpointing, set?.use_wandb, set?.dataset.format.format_type], [true, false, 'qwen3']);
  });

  for (const { id, config, envelope, full_config } of valid) {
    it(`reads ${id} alike as given, as shared and with every default`, () => {
      // A name beyond ASCII is refused here as by Merlina's own preflight; the other keys are what this test is about.
      const [given, shared, full] = [config, envelope, full_config].map(one => importMerlinaConfig({ ...one, output_name: 'a' }).draft);
      assert.ok(given && shared && full);
      for (const [key, value] of Object.entries(given)) {
        if (key === 'dataset' || key === '_metadata') continue;
        assert.deepEqual([shared[key as 'beta'], full[key as 'beta']], [...(key === 'share_config_image' ? [undefined] : [value]), value].slice(0, 2), key);
      }
      assert.deepEqual(shared.dataset.source.file_path, given.dataset.source.file_path);
      assert.deepEqual(shared.dataset.format, given.dataset.format);
      assert.deepEqual(full.dataset.format, given.dataset.format);
    });

    it(`shares ${id} again as Merlina shared it`, () => {
      const draft = importMerlinaConfig({ ...envelope, output_name: 'a' }).draft;
      assert.ok(draft);
      const { _metadata: metadata, ...again } = shareEnvelope(draft);
      const { _metadata: _, ...before } = { ...envelope, output_name: 'a' } as Config;
      assert.deepEqual(again, before);
      assert.deepEqual(metadata, {
        name: 'a', description: 'Training configuration shared from Merlina for VS Code.', tags: [], schema: 'merlina/training-config', schema_version: 1, merlina_version: '2.2.0',
      });
    });
  }

  it('keeps keys of a newer Merlina, with a warning', () => {
    const { recipe, problems } = importMerlinaConfig({ output_name: 'a', dataset: { ...dataset, shards: 3 }, quantum: { a: 1 } });
    const kept = recipe as unknown as { quantum: unknown; dataset: { shards: unknown } };
    assert.deepEqual([kept.quantum, kept.dataset.shards], [{ a: 1 }, 3]);
    assert.deepEqual(problems.map(problem => `${problem.severity} ${renderProblem(problem)}`), [
      'warning "dataset.shards": Unknown key; it is kept, but nothing acts on it. Remove it. The nearest known key is "dataset.source".',
      'warning "quantum": Unknown key; it is kept, but nothing acts on it. Remove it. The nearest known key is "beta".',
    ]);
  });

  it('takes dataset_name as the source where none is named', () => {
    const { recipe } = importMerlinaConfig({ output_name: 'a', dataset_name: 'org/pairs', dataset_split: 'train[:10]' });
    assert.deepEqual([recipe?.dataset.source.repo_id, recipe?.dataset.source.split], ['org/pairs', 'train[:10]']);
  });

  it('refuses what is no object', () => {
    assert.deepEqual(importMerlinaConfig([]).problems.map(renderProblem), ['A recipe is a JSON object; this is not one.']);
  });
});
