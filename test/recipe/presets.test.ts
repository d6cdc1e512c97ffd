import assert from 'node:assert/strict';
import { makeRecipe, parseRecipe, presets, recipeDefaults, recipeFields, withPreset } from '../../src/recipe';
import { trainingModes } from '../../src/recipe/shapes/modelShape';

const dataset = { source: { repo_id: 'a/b' } };

describe('presets', () => {
  it('are there for every method', () => assert.deepEqual(Object.keys(presets).sort(), [...trainingModes].sort()));

  for (const mode of trainingModes) {
    it(`${mode}: differs from the defaults in each line, says why, and trains`, () => {
      const defaults = recipeDefaults();
      for (const { key, value, why } of presets[mode].lines) {
        assert.notDeepEqual(value, defaults[key], key);
        assert.match(why, /^[A-Z].*\.$/, key);
        assert.ok(recipeFields.some(field => field.key === key));
      }
      assert.deepEqual(parseRecipe(withPreset(mode, { output_name: 'a', dataset })).problems, []);
    });
  }

  it('have Merlina\'s values', () => {
    const row = (mode: typeof trainingModes[number]) => {
      const { learning_rate, beta, gamma, num_epochs, batch_size, gradient_accumulation_steps, warmup_ratio, weight_decay, lora_dropout, max_grad_norm } =
        makeRecipe(withPreset(mode, { output_name: 'a' }));
      return [learning_rate, beta, gamma, num_epochs, batch_size, gradient_accumulation_steps, warmup_ratio, weight_decay, lora_dropout, max_grad_norm];
    };
    assert.deepEqual(row('sft'), [2e-4, 0.1, 0.5, 2, 2, 8, 0.05, 0.01, 0.05, 1]);
    assert.deepEqual(row('orpo'), [8e-6, 0.1, 0.5, 1, 2, 8, 0.1, 0, 0, 1]);
    assert.deepEqual(row('dpo'), [5e-6, 0.1, 0.5, 1, 2, 8, 0.1, 0, 0, 1]);
    assert.deepEqual(row('simpo'), [1e-6, 2, 1, 1, 2, 8, 0.1, 0, 0, 1]);
    assert.deepEqual(row('cpo'), [5e-6, 0.1, 0.5, 1, 2, 8, 0.1, 0, 0, 1]);
    assert.deepEqual(row('ipo'), [5e-6, 0.01, 0.5, 1, 2, 8, 0.1, 0, 0, 1]);
    assert.deepEqual(row('kto'), [5e-6, 0.1, 0.5, 1, 4, 4, 0.1, 0, 0, 1]);
  });

  it('lie under what the recipe sets', () => {
    assert.equal(makeRecipe(withPreset('orpo', { output_name: 'a', learning_rate: 1e-3 })).learning_rate, 1e-3);
  });
});
