import assert from 'node:assert/strict';
import fc from 'fast-check';
import { importMerlinaConfig, parseRecipe, serialiseRecipe } from '../../src/recipe';
import { recipeArbitrary } from './recipeArbitrary';

const dataset = { source: { repo_id: 'a/b' } };

describe('serialiseRecipe', () => {
  it('writes what parseRecipe reads back, value for value', () => {
    fc.assert(fc.property(recipeArbitrary, recipe => {
      // Formats are canonical after the first reading (names in small letters, GGUF types once).
      const first = parseRecipe(JSON.parse(serialiseRecipe(recipe))).draft;
      assert.ok(first);
      assert.deepEqual(first, { ...JSON.parse(JSON.stringify(recipe)) as object, gguf_quant_types: [...new Set(recipe.gguf_quant_types)] });
      assert.deepEqual(parseRecipe(JSON.parse(serialiseRecipe(first))).draft, first);
    }), { seed: 8, numRuns: 60 });
  });

  it('keeps keys that nothing acts on and keys of a newer Merlina', () => {
    const { recipe } = importMerlinaConfig({ output_name: 'a', dataset, use_liger: true, quantum: 1, _metadata: { name: 'n' } });
    assert.ok(recipe);
    const written = JSON.parse(serialiseRecipe(recipe)) as Record<string, unknown>;
    assert.deepEqual([written.use_liger, written.quantum, written._metadata], [true, 1, { name: 'n' }]);
  });

  it('never writes a secret', () => {
    const { recipe } = parseRecipe({ output_name: 'a', dataset });
    assert.ok(recipe);
    const withSecrets = { ...recipe, hf_token: 'hf_SECRET', _metadata: { wandb_key: 'SECRET' } };
    assert.ok(!serialiseRecipe(withSecrets).includes('SECRET'));
  });

  it('ends with a newline and is indented by two', () => {
    const { recipe } = parseRecipe({ output_name: 'a', dataset });
    assert.match(serialiseRecipe(recipe!), /^\{\n {2}"base_model": "meta-llama\/Meta-Llama-3-8B-Instruct",\n[\s\S]*\n\}\n$/);
  });
});
