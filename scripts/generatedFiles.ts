/** The list of what is generated: one line here, and both `npm run generate` and `npm run check` know it. */
import { recipeJsonSchema } from '../src/recipe';
import type { Generated } from './checks/generated';
import { referenceDoc } from './referenceDoc';

export function generatedFiles(): Generated[] {
  return [
    { file: 'media/recipe.schema.json', text: `${JSON.stringify(recipeJsonSchema(), undefined, 2)}\n` },
    { file: 'docs/reference.md', text: referenceDoc() },
  ];
}
