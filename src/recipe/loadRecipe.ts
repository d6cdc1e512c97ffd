/** A recipe file, ready to be trained from anywhere. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { ProblemError, problemError, type Problem } from '../shared/problem';
import { withAbsolutePaths } from './absolutePaths';
import { readRecipe } from './readRecipe';
import type { Recipe } from './schema';

export interface LoadedRecipe {
  /** Its paths are absolute. */
  recipe: Recipe;
  warnings: Problem[];
}

/** Throws ProblemError with all that is wrong: recipe/no-file, and what readRecipe finds. */
export async function loadRecipe(file: string): Promise<LoadedRecipe> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    const what = error.code === 'ENOENT' ? 'There is no such file.' : `The file cannot be read (${error.code ?? error.message}).`;
    throw problemError('recipe/no-file', what, { where: { file }, fix: { text: 'Check the path of the recipe.' } }, error);
  });
  return recipeOfText(text, file);
}

/** As loadRecipe, of a text that the file may not hold yet. */
export function recipeOfText(text: string, file: string): LoadedRecipe {
  const { recipe, problems } = readRecipe(text, file);
  if (!recipe) throw new ProblemError(problems.filter(({ severity }) => severity === 'error'));
  return { recipe: withAbsolutePaths(recipe, path.dirname(path.resolve(file))), warnings: problems.filter(({ severity }) => severity === 'warning') };
}
