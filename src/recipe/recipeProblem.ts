/** Says in words what the schema refused: the actual value, what is allowed, and what to write instead. */
import type { z } from 'zod';
import type { Fix, Problem } from '../shared/problem';
import { dotted, undotted, valueAt } from './jsonPath';
import { isSlip, nearest } from '../shared/nearest';
import { fieldAt, keysUnder, recipeFields, type RecipeField } from './recipeFields';

/** A Problem and the path of the key it is about, from which file, line and column are found. */
export interface PlacedProblem { problem: Problem; path: PropertyKey[] }

type Issue = z.core.$ZodIssue;
const maxShownValueChars = 60;

/** The Problems of one zod issue; several only for several unknown keys. */
export function problemsOfIssue(issue: Issue, input: unknown): PlacedProblem[] {
  if (issue.code === 'unrecognized_keys') return issue.keys.map(key => unknownKey([...issue.path, key]));
  const value = valueAt(input, issue.path);
  const field = fieldAt(issue.path) ?? fieldAt(issue.path.slice(0, -1));
  const key = dotted(issue.path);
  return [{ path: [...issue.path], problem: { severity: 'error', where: { field: key }, ...explain(issue, value), ...fixOf(field, key, value) } }];
}

/** "from 1 to 512", "above 0, at most 1000", "one of sft, orpo, …": what a key takes. */
export function allowedValues(field: RecipeField): string {
  const nouns: Record<RecipeField['kind'], string> = {
    integer: 'a whole number', number: 'a number', boolean: 'true or false', text: 'text', choice: 'one of', list: 'a list', map: 'an object of texts',
    object: 'an object', any: 'any value',
  };
  const choices = field.choices === undefined ? '' : `${field.kind === 'list' ? ' of' : ''} ${field.choices.join(', ')}`;
  const noun = nouns[field.kind] + choices + range(field);
  return field.isNullable ? `${noun}, or null` : noun;
}

function explain(issue: Issue, value: unknown): Pick<Problem, 'id' | 'text'> {
  if (value === undefined) return { id: 'recipe/missing-key', text: 'Required, but missing.' };
  const shown = show(value);
  switch (issue.code) {
    case 'too_big': case 'too_small': return { id: 'recipe/out-of-bounds', text: outOfBounds(issue, value) };
    case 'invalid_value': return { id: 'recipe/not-a-choice', text: `${shown} is not a choice here.` };
    case 'invalid_format': return { id: 'recipe/bad-name', text: `${shown} is not a valid name.` };
    default: return { id: 'recipe/wrong-type', text: `${shown} is ${typeName(value)}.` };
  }
}

function outOfBounds(issue: z.core.$ZodIssueTooBig | z.core.$ZodIssueTooSmall, value: unknown): string {
  if (typeof value === 'string') return 'The text is empty.';
  const limit = issue.code === 'too_big'
    ? `${issue.inclusive ? 'above the maximum of' : 'not below'} ${issue.maximum}`
    : `${issue.inclusive ? 'below the minimum of' : 'not above'} ${issue.minimum}`;
  return Array.isArray(value) ? `${value.length} entries are ${limit}.` : `${show(value)} is ${limit}.`;
}

/** What to write instead, and the edit that does it: the choice that was meant, else the default. */
function fixOf(field: RecipeField | undefined, key: string, value: unknown): Pick<Problem, 'fix'> {
  if (!field) return {};
  if (field.key === 'output_name' || field.key === 'hf_namespace') return { fix: nameFix(key, value) };
  const allowed = `Use ${allowedValues(field)}`;
  const near = typeof value === 'string' && field.choices ? nearest(value, field.choices) : undefined;
  if (near && isSlip(String(value), near.word, near.distance)) {
    return { fix: { text: `Did you mean ${show(near.word)}? ${allowed}.`, set: { key, value: near.word } } };
  }
  const isEntry = fieldAt(undotted(key)) !== field;
  if (isEntry && field.kind === 'list' && !field.choices) return { fix: { text: 'Remove the entry, or write text that is not empty.' } };
  const isPlain = field.default === null || (field.default !== undefined && typeof field.default !== 'object');
  return { fix: isPlain && !isEntry
    ? { text: `${allowed} (default ${show(field.default)}).`, set: { key, value: field.default } }
    : { text: `${allowed}.` } };
}

function nameFix(key: string, value: unknown): Fix {
  const cleaned = typeof value === 'string' ? plainName(value) : '';
  return {
    text: `Use letters, digits, ".", "_" and "-" only, for example ${show(cleaned || 'my-adapter')}.`,
    ...(cleaned === '' ? {} : { set: { key, value: cleaned } }),
  };
}

/** "Köln 2" → "Koln-2": letters without their marks, everything else as one hyphen. */
function plainName(text: string): string {
  return text.normalize('NFKD').replace(/\p{Mark}/gu, '').replace(/[^a-zA-Z0-9._-]+/g, '-').replace(/^[-_.]+|[-_.]+$/g, '');
}

/** Unknown: a slip for a key of the same place, a key that stands elsewhere, or neither. */
function unknownKey(path: PropertyKey[]): PlacedProblem {
  const key = String(path.at(-1));
  const parent = path.slice(0, -1);
  const elsewhere = recipeFields.find(field => field.group !== 'unused' && field.key.split('.').at(-1) === key && !field.key.includes('*'));
  const near = nearest(key, keysUnder(parent).filter(known => !/^[$_]/.test(known)));
  const text = elsewhere ? `Write it as "${elsewhere.key}".`
    : near && isSlip(key, near.word, near.distance) ? `Did you mean "${dotted([...parent, near.word])}"?`
    : `Remove it.${near ? ` The nearest known key is "${dotted([...parent, near.word])}".` : ''}`;
  return { path, problem: {
    id: 'recipe/unknown-key', severity: 'error', text: 'Unknown key.', where: { field: dotted(path) }, fix: { text },
  } };
}

function range(field: RecipeField): string {
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum } = field;
  if (minimum !== undefined && maximum !== undefined) return ` from ${minimum} to ${maximum}`;
  const parts = [
    minimum === undefined ? undefined : `of at least ${minimum}`,
    exclusiveMinimum === undefined ? undefined : `above ${exclusiveMinimum}`,
    maximum === undefined ? undefined : `at most ${maximum}`,
    exclusiveMaximum === undefined ? undefined : `below ${exclusiveMaximum}`,
  ].filter(part => part !== undefined);
  return parts.length === 0 ? '' : ` ${parts.join(' and ')}`;
}

function show(value: unknown): string {
  const text = typeof value === 'number' ? String(value) : JSON.stringify(value) ?? String(value);
  return text.length > maxShownValueChars ? `${text.slice(0, maxShownValueChars)}…` : text;
}

function typeName(value: unknown): string {
  if (value === null) return 'not a value here';
  if (Array.isArray(value)) return 'a list';
  switch (typeof value) {
    case 'string': return 'text';
    case 'number': return Number.isInteger(value) ? 'a number' : 'not a whole number';
    case 'boolean': return 'a boolean';
    default: return 'an object';
  }
}
