/** Reads a recipe from parsed JSON: a complete Recipe, or every reason why it is none. */
import type { Problem, Where } from '../shared/problem';
import { checkRecipe } from './checkRecipe';
import { isObject, type JsonObject, undotted, valueAt } from './jsonPath';
import { normaliseInput } from './normaliseInput';
import { type PlacedProblem, problemsOfIssue } from './recipeProblem';
import { recipeFields } from './recipeFields';
import { type Recipe, recipeSchema } from './schema';
import { secretKeys } from './secrets';
import { keyPlaces } from './sourceText';

/** Where the JSON came from. With the text, Problems carry line and column of the key they are about. */
export interface RecipeOrigin { file?: string; text?: string }

export interface ParsedRecipe {
  /** There unless a Problem is an error: what may be trained. */
  recipe?: Recipe;
  /** There as soon as every key fits the schema, even if some do not go together: what an editor shows and lets people mend. */
  draft?: Recipe;
  problems: Problem[];
}

export interface ParseOptions {
  /** 'warning' keeps unknown keys in the recipe: for files of a newer Merlina. A recipe of our own has none, so there they are errors. */
  unknownKeys?: 'error' | 'warning';
}

/** All Problems: of the schema (unknown keys, types, bounds), of keys that do not go together (checkRecipe), of secrets in the file,
 *  and one note that lists the keys that are kept but not acted on. */
export function parseRecipe(json: unknown, where: RecipeOrigin = {}, { unknownKeys = 'error' }: ParseOptions = {}): ParsedRecipe {
  if (!isObject(json)) {
    return { problems: [{ id: 'recipe/not-an-object', severity: 'error', text: 'A recipe is a JSON object; this is not one.', where: whereOf(where.file) }] };
  }
  const { input, problems } = takeSecrets(normaliseInput(json));
  const result = recipeSchema.safeParse(input);
  const found = result.success ? [] : result.error.issues.flatMap(issue => problemsOfIssue(issue, input));
  const unknown = found.filter(({ problem }) => problem.id === 'recipe/unknown-key');
  if (unknownKeys === 'warning') for (const { problem } of unknown) softenUnknown(problem);
  problems.push(...found);

  const isKept = unknownKeys === 'warning' && unknown.length > 0;
  const parsed = isKept ? recipeSchema.safeParse(withoutPaths(input, unknown)) : result;
  if (parsed.success) problems.push(...checkRecipe(parsed.data).map(placed));
  problems.push(...unusedNote(input));

  const placedProblems = withPlaces(problems, where);
  if (!parsed.success) return { problems: placedProblems };
  const draft = isKept ? withPaths(parsed.data, input, unknown) : parsed.data;
  return { ...(placedProblems.some(problem => problem.severity === 'error') ? {} : { recipe: draft }), draft, problems: placedProblems };
}

function takeSecrets(json: JsonObject): { input: JsonObject; problems: PlacedProblem[] } {
  const secrets = Object.keys(secretKeys).filter(key => Object.hasOwn(json, key));
  const input = Object.fromEntries(Object.entries(json).filter(([key]) => !Object.hasOwn(secretKeys, key)));
  return { input, problems: secrets.filter(key => json[key] !== null).map(key => ({ path: [key], problem: {
    id: 'recipe/secret', severity: 'warning', text: 'A secret in the file; it is not used, and not kept when the recipe is saved or shared.',
    where: { field: key }, fix: { text: `Remove it, and use ${secretKeys[key]}.` },
  } })) };
}

function softenUnknown(problem: Problem): void {
  problem.severity = 'warning';
  problem.text = 'Unknown key; it is kept, but nothing acts on it.';
}

/** One note for all of them: nothing is wrong with such a key. Null is not worth a word. */
function unusedNote(input: JsonObject): PlacedProblem[] {
  const present = recipeFields
    .filter(field => field.group === 'unused' && !['$schema', '_metadata'].includes(field.key) && !field.key.includes('*'))
    .map(field => field.key)
    .filter(key => (valueAt(input, undotted(key)) ?? null) !== null);
  return present.length === 0 ? [] : [{ path: [], problem: {
    id: 'recipe/kept-keys', severity: 'info', text: `Kept in the file, but not acted on: ${present.join(', ')}.`,
  } }];
}

function placed(problem: Problem): PlacedProblem {
  return { problem, path: undotted(problem.where?.field ?? '') };
}

/** Adds file, line and column, and sorts by them. A key that is not in the text (a default, say) is placed by its nearest parent that is. */
function withPlaces(problems: readonly PlacedProblem[], { file, text }: RecipeOrigin): Problem[] {
  const placeOf = text === undefined ? () => undefined : keyPlaces(text);
  return problems.map(({ problem, path }) => {
    let place;
    for (let length = path.length; length > 0 && !place; length--) place = placeOf(path.slice(0, length));
    return { ...problem, ...whereIn({ ...(file === undefined ? {} : { file }), ...place, ...problem.where }) };
  }).sort(byPlace);
}

/** In the order of the file; what has no place comes last, in the order found. */
function byPlace({ where: a = {} }: Problem, { where: b = {} }: Problem): number {
  if (a.line === undefined || b.line === undefined) return Number(a.line === undefined) - Number(b.line === undefined);
  return a.line - b.line || Number(a.column) - Number(b.column);
}

function whereIn(where: Where): { where?: Where } {
  return Object.keys(where).length === 0 ? {} : { where };
}

function whereOf(file: string | undefined): Where {
  return file === undefined ? {} : { file };
}

function withoutPaths(input: JsonObject, unknown: readonly PlacedProblem[]): JsonObject {
  const copy = structuredClone(input);
  for (const { path } of unknown) {
    const parent = valueAt(copy, path.slice(0, -1)) as JsonObject;
    delete parent[String(path.at(-1))];
  }
  return copy;
}

function withPaths(recipe: Recipe, input: JsonObject, unknown: readonly PlacedProblem[]): Recipe {
  for (const { path } of unknown) {
    const parent = valueAt(recipe, path.slice(0, -1)) as JsonObject;
    parent[String(path.at(-1))] = valueAt(input, path);
  }
  return recipe;
}
