import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { makeRecipe, recipeDefaults, recipeFields, recipeGroups } from '../../src/recipe';
import { valueAt, undotted } from '../../src/recipe/jsonPath';

interface Fixture { valid: { id: string; full_config: Record<string, unknown> }[] }
const fixture = JSON.parse(readFileSync('test/fixtures/recipe/sharecode.json', 'utf8')) as Fixture;

describe('recipe schema', () => {
  it('has every key of Merlina\'s TrainingConfig', () => {
    const merlinas = keysOf(fixture.valid[0]!.full_config);
    const ours = new Set(recipeFields.map(field => field.key));
    assert.deepEqual(merlinas.filter(key => !ours.has(key)), []);
  });

  it('has Merlina\'s default for every key but three', () => {
    const merlinas = fixture.valid[0]!.full_config;
    const defaults = recipeDefaults();
    const different = recipeFields
      .filter(field => field.group !== 'unused' && field.kind !== 'object' && !/\*/.test(field.key) && field.key !== 'output_name')
      .filter(field => !field.key.startsWith('dataset.source.') && !field.key.startsWith('dataset.eval_source.') && !field.key.includes('custom_templates.'))
      .filter(field => valueAt(merlinas, undotted(field.key)) !== undefined)
      .filter(field => JSON.stringify(valueAt(merlinas, undotted(field.key))) !== JSON.stringify(valueAt(defaults, undotted(field.key))))
      .map(field => field.key);
    // sample_prompts is a diffusion key there (null), and ours for text.
    assert.deepEqual(different, ['sample_prompts', 'use_wandb', 'gradient_checkpointing', 'dataset.format.format_type']);
  });

  it('gives fresh defaults at each call', () => {
    recipeDefaults().target_modules.push('lm_head');
    assert.equal(recipeDefaults().target_modules.length, 7);
  });

  it('takes the settings of the reference runs: a rate of 0.5, tiny lengths, fractions of epochs', () => {
    assert.equal(makeRecipe({ output_name: 'a', learning_rate: 0.5, max_length: 8, max_prompt_length: 4, num_epochs: 0.25 }).num_epochs, 0.25);
  });
});

describe('recipe fields', () => {
  it('describe every key: title, one-line help, group', () => {
    for (const field of recipeFields) {
      assert.ok(field.title.length > 0 && !field.help.includes('\n') && field.help.endsWith('.'), field.key);
      assert.ok(recipeGroups.includes(field.group), field.key);
    }
  });

  it('carry bounds, unit, choices and default of a key', () => {
    assert.deepEqual(recipeFields.find(field => field.key === 'max_length'), {
      key: 'max_length', title: 'Longest row', help: 'Prompt and response together; longer rows are cut.', group: 'optimisation', unit: 'tokens', regret: 'run',
      kind: 'integer', default: 2048, isRequired: false, isNullable: false, minimum: 8, maximum: 131072,
    });
    assert.deepEqual(recipeFields.find(field => field.key === 'gamma')?.usedWhen, { key: 'training_mode', isOneOf: ['simpo'] });
    assert.deepEqual(recipeFields.find(field => field.key === 'device')?.choices, ['auto', 'cpu', 'webgpu', 'cuda', 'dml']);
    assert.deepEqual(recipeFields.filter(field => field.isRequired).map(field => field.key), ['output_name']);
    assert.ok(recipeFields.some(field => field.key === 'dataset.additional_sources.*.repo_id'));
  });

  it('name only keys and values that exist where they say beside what they are used', () => {
    for (const { key, usedWhen } of recipeFields) {
      if (!usedWhen) continue;
      const other = recipeFields.find(field => field.key === usedWhen.key);
      assert.ok(other && (other.kind === 'boolean' || usedWhen.isOneOf.every(value => other.choices?.includes(String(value)))), key);
    }
  });
});

/** Dotted keys of objects in objects; lists and nulls are leaves. */
function keysOf(value: Record<string, unknown>, prefix = ''): string[] {
  return Object.entries(value).flatMap(([key, inner]) => [
    prefix + key,
    ...(typeof inner === 'object' && inner !== null && !Array.isArray(inner) ? keysOf(inner as Record<string, unknown>, `${prefix}${key}.`) : []),
  ]);
}
