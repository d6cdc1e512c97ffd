import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import fc from 'fast-check';
import { recipeJsonSchema, recipeSchema } from '../../src/recipe';
import { recipeArbitrary } from './recipeArbitrary';

/** `unit` and `group` are words of ours, so not strict. */
const isValid = new Ajv({ strict: false }).compile(recipeJsonSchema());

describe('recipe JSON Schema', () => {
  it('is the committed file (npm run generate writes it)', () => {
    assert.deepEqual(JSON.parse(readFileSync('media/recipe.schema.json', 'utf8')), recipeJsonSchema());
  });

  it('accepts every recipe', () => {
    fc.assert(fc.property(recipeArbitrary, recipe => {
      assert.ok(isValid(recipe), JSON.stringify(isValid.errors));
    }), { seed: 6, numRuns: 60 });
  });

  it('agrees with zod on recipes with one key spoilt', () => {
    const spoilt = fc.oneof(
      fc.constantFrom<unknown>(null, -1, 0, 0.5, 1, 1.5, 2, 1e9, '', 'x', '..', [], [''], ['x'], {}, true),
      fc.double({ noNaN: true, noDefaultInfinity: true }), fc.string(),
    );
    const key = fc.oneof(fc.constantFrom(...Object.keys(recipeSchema.shape)), fc.string().filter(name => name !== '__proto__'));
    fc.assert(fc.property(recipeArbitrary, key, spoilt, (recipe, name, value) => {
      const changed = { ...recipe, [name]: value };
      assert.equal(isValid(changed), recipeSchema.safeParse(changed).success, `${name}: ${JSON.stringify(value)}`);
    }), { seed: 7, numRuns: 400 });
  });

  it('gives editors a title and a description for each key', () => {
    for (const [name, node] of Object.entries(recipeJsonSchema().properties ?? {})) assert.ok(node.title && node.description, name);
  });
});
