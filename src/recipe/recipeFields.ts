/** One table of every recipe key: what a form, a message or a docs page needs to know of it. Derived from the schema, never written by hand. */
import { undotted } from './jsonPath';
import { type JsonSchemaNode, recipeJsonSchema, withoutNull } from './recipeJsonSchema';
import type { FieldExtra, RecipeGroup } from './shapes/field';

export type FieldKind = 'integer' | 'number' | 'boolean' | 'text' | 'choice' | 'list' | 'map' | 'object' | 'any';

export interface RecipeField extends FieldExtra {
  /** Dotted, with `*` for any entry of a list: "dataset.additional_sources.*.split". */
  key: string;
  title: string;
  help: string;
  group: RecipeGroup;
  kind: FieldKind;
  /** Absent for output_name, which everybody must choose, and for keys that are only kept. */
  default?: unknown;
  isRequired: boolean;
  isNullable: boolean;
  minimum?: number;
  maximum?: number;
  exclusiveMinimum?: number;
  exclusiveMaximum?: number;
  /** Allowed values of a choice, or of the entries of a list. */
  choices?: readonly string[];
}

/** In the order of the schema; a part ("dataset.source") comes before its keys. */
export const recipeFields: readonly RecipeField[] = [...fieldsOf(recipeJsonSchema(), '')];

const byKey = new Map(recipeFields.map(field => [field.key, field]));

/** The field that a path in a recipe leads to; numbers in the path are places in lists. */
export function fieldAt(path: readonly PropertyKey[]): RecipeField | undefined {
  return byKey.get(path.map(part => typeof part === 'number' ? '*' : String(part)).join('.'));
}

/** Whether a recipe can have the dotted key; digits are places in lists. */
export function isRecipeKey(key: string): boolean {
  return fieldAt(undotted(key)) !== undefined;
}

/** Keys that stand directly under the path ("" for the recipe itself): what may be written there. */
export function keysUnder(path: readonly PropertyKey[]): string[] {
  const prefix = path.map(part => typeof part === 'number' ? '*.' : `${String(part)}.`).join('');
  return recipeFields
    .filter(field => field.key.startsWith(prefix) && !/[.*]/.test(field.key.slice(prefix.length)))
    .map(field => field.key.slice(prefix.length));
}

function* fieldsOf(parent: JsonSchemaNode, prefix: string): Generator<RecipeField> {
  for (const [name, node] of Object.entries(parent.properties ?? {})) {
    const key = prefix + name;
    const { value, isNullable } = withoutNull(node);
    yield {
      key,
      title: node.title ?? name,
      help: node.description ?? '',
      group: node.group as RecipeGroup,
      ...extraOf(node),
      kind: kindOf(value),
      ...('default' in node ? { default: node.default } : {}),
      isRequired: parent.required?.includes(name) ?? false,
      isNullable,
      ...boundsOf(value),
      ...choicesOf(value),
    };
    yield* fieldsOf(value, `${key}.`);
    if (value.items) yield* fieldsOf(value.items, `${key}.*.`);
  }
}

function extraOf({ unit, regret, usedWhen, hint }: JsonSchemaNode): FieldExtra {
  return {
    ...(unit === undefined ? {} : { unit }), ...(regret === undefined ? {} : { regret }),
    ...(usedWhen === undefined ? {} : { usedWhen }), ...(hint === undefined ? {} : { hint }),
  };
}

function kindOf(node: JsonSchemaNode): FieldKind {
  if (node.enum) return 'choice';
  switch (node.type) {
    case 'integer': case 'number': case 'boolean': return node.type;
    case 'string': return 'text';
    case 'array': return 'list';
    case 'object': return node.properties ? 'object' : 'map';
    default: return 'any';
  }
}

/** zod writes the largest safe integer where an integer has no upper bound; that is no bound to tell anybody. */
function boundsOf({ minimum, maximum, exclusiveMinimum, exclusiveMaximum }: JsonSchemaNode): Partial<RecipeField> {
  return {
    ...(minimum === undefined ? {} : { minimum }),
    ...(maximum === undefined || maximum === Number.MAX_SAFE_INTEGER ? {} : { maximum }),
    ...(exclusiveMinimum === undefined ? {} : { exclusiveMinimum }),
    ...(exclusiveMaximum === undefined ? {} : { exclusiveMaximum }),
  };
}

function choicesOf(node: JsonSchemaNode): Partial<RecipeField> {
  const choices = node.enum ?? node.items?.enum;
  return choices ? { choices } : {};
}
