/** Recipes of runs beside one another, key by key: what was set, and what the default would have been. */
import { isObject } from './jsonPath';
import { parseRecipe } from './parseRecipe';
import { recipeFields } from './recipeFields';
import { recipeDefaults } from './schema';
import { withoutSecrets } from './secrets';
import type { RecipeTableRow } from '../shared/recipeTable';

/** Every key that any of them has, in the schema's order, then unknown ones. A recipe that is none (any more) is shown as it is written. */
export function recipeTable(recipes: readonly unknown[]): RecipeTableRow[] {
  const flat = recipes.map(recipe => new Map(leaves(parseRecipe(recipe, {}, { unknownKeys: 'warning' }).draft ?? withoutSecrets(recipe), '')));
  const defaults = new Map(leaves(recipeDefaults(), ''));
  const keys = new Set([...recipeFields.map(({ key }) => key), ...flat.flatMap(values => [...values.keys()])]);
  const fields = new Map(recipeFields.map(field => [field.key, field]));
  return [...keys].filter(key => flat.some(values => values.has(key))).map(key => {
    const field = fields.get(key);
    const normal = defaults.get(key);
    return {
      key, title: field?.title ?? key,
      ...(field?.unit === undefined ? {} : { unit: field.unit }),
      // "default" of a list's entries is not in the defaults, and output_name has none.
      default: normal === undefined ? null : normal,
      values: flat.map(values => values.get(key) ?? null),
    };
  });
}

/** Dotted keys and their values as text. Lists stay whole: their entries are one choice. */
function leaves(value: unknown, prefix: string): [string, string][] {
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([name, inner]): [string, string][] => {
    const key = `${prefix}${name}`;
    return isObject(inner) && Object.keys(inner).length > 0 ? leaves(inner, `${key}.`) : [[key, textOf(inner)]];
  });
}

function textOf(value: unknown): string {
  return typeof value === 'string' && value !== '' ? value : JSON.stringify(value) ?? '';
}
