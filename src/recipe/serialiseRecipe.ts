/** A recipe as the text of a recipe file. */
import type { Recipe } from './schema';
import { withoutSecrets } from './secrets';

/** Every key with its value, so that the file means the same when defaults change; keys that are only kept stay; secrets never do. */
export function serialiseRecipe(recipe: Recipe): string {
  return `${JSON.stringify(withoutSecrets(recipe), undefined, 2)}\n`;
}
