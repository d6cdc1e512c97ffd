/** Which keys two recipes differ in, so that a resume with another recipe can say so. */
import type { Problem } from '../shared/problem';
import type { RunDirectory } from './runDirectory';

export interface Difference { key: string; before: unknown; after: unknown }

/** Dotted keys; arrays are compared whole. Null and absent are the same. */
export function recipeDifferences(before: unknown, after: unknown, prefix = ''): Difference[] {
  if (isRecord(before) && isRecord(after)) {
    const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
    return keys.flatMap(key => recipeDifferences(before[key], after[key], prefix === '' ? key : `${prefix}.${key}`));
  }
  const isSame = JSON.stringify(before ?? null) === JSON.stringify(after ?? null);
  return isSame ? [] : [{ key: prefix, before, after }];
}

/** One Problem that lists every key with its old and new value; undefined where the recipes agree. */
export function changedRecipeProblem(before: unknown, after: unknown, checkpoint: string): Problem | undefined {
  const differences = recipeDifferences(before, after);
  if (differences.length === 0) return undefined;
  const [keys, verb] = differences.length === 1 ? ['one key', 'differs'] : [`${differences.length} keys`, 'differ'];
  return {
    id: 'training/recipe-changed',
    severity: 'error',
    text: `The recipe is not the one this run began with: ${keys} ${verb} (${differences.map(({ key }) => key).join(', ')}).`,
    where: { file: checkpoint, field: differences[0]!.key },
    fix: { text: 'Put the old values back to resume, or start a new run in another folder.' },
    notes: differences.map(({ key, before: old, after: now }) => `${key}: was ${shown(old)}, is ${shown(now)}`),
  };
}

/** The same for a run directory's recipe and one given to resume it with. */
export function recipeChange(run: RunDirectory, recipe: unknown): Problem | undefined {
  return changedRecipeProblem(run.readRecipe(), recipe, run.recipe);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function shown(value: unknown): string {
  return JSON.stringify(value ?? null);
}
