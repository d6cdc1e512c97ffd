/** The starters are recipes. */
import { strict as assert } from 'node:assert';
import { parseRecipe } from '../../src/recipe';
import { recipeText, STARTERS } from '../../src/vscode/starters';

describe('the starters', () => {
  for (const { id, name, recipe } of STARTERS) {
    it(`"${id}" is a recipe without a Problem, for the run that its file is named after`, () => {
      const { problems } = parseRecipe(JSON.parse(recipeText(recipe)));
      assert.deepEqual(problems, []);
      assert.equal(recipe.output_name, name);
    });
  }
});
