/** Random recipes within the schema's bounds, made from its JSON Schema, so that a new key is tested without a line here. */
import fc from 'fast-check';
import { makeRecipe, type Recipe, recipeJsonSchema } from '../../src/recipe';
import { type JsonSchemaNode, withoutNull } from '../../src/recipe/recipeJsonSchema';

const name = fc.stringMatching(/^[a-zA-Z0-9][a-zA-Z0-9._-]{0,20}$/);

/** Complete recipes: every key drawn, those that are only kept among them. */
export const recipeArbitrary: fc.Arbitrary<Recipe> = valueOf(recipeJsonSchema()).map(input => makeRecipe(input as Recipe));

/** A value that the node allows. */
export function valueOf(node: JsonSchemaNode): fc.Arbitrary<unknown> {
  const { value, isNullable } = withoutNull(node);
  if (isNullable) return fc.option(valueOf(value));
  if (node.enum) return fc.constantFrom(...node.enum);
  switch (node.type) {
    case 'boolean': return fc.boolean();
    case 'integer': return fc.integer({ min: node.minimum ?? -1000, max: Math.min(node.maximum ?? 1e9, 1e9) });
    case 'number': return fc.double({
      min: node.minimum ?? node.exclusiveMinimum ?? -1e6, minExcluded: node.exclusiveMinimum !== undefined,
      max: node.maximum ?? node.exclusiveMaximum ?? 1e6, maxExcluded: node.exclusiveMaximum !== undefined, noNaN: true,
    }).map(value => value === 0 ? 0 : value); // JSON has no -0
    case 'string': return node.pattern ? name : fc.string({ minLength: node.minLength ?? 0, maxLength: 40, unit: 'grapheme' });
    case 'array': return fc.array(valueOf(node.items ?? {}), { minLength: node.minItems ?? 0, maxLength: 4 });
    case 'object': return node.properties ? objectOf(node) : fc.dictionary(fc.string({ maxLength: 10 }).filter(key => key !== '__proto__'), fc.string());
    default: return fc.jsonValue({ maxDepth: 2 }).map(value => JSON.parse(JSON.stringify(value)) as unknown);
  }
}

function objectOf(node: JsonSchemaNode): fc.Arbitrary<unknown> {
  const values = Object.fromEntries(Object.entries(node.properties ?? {}).map(([key, inner]) => [key, valueOf(inner)]));
  return fc.record(values, { requiredKeys: node.required ?? [] });
}
