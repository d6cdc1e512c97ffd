/** A recipe named on the command line, ready to be copied into a run directory. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { UploadStore } from '../datasets';
import { readRecipe } from '../recipe';
import type { Recipe } from '../recipe';
import { ProblemError, problemError, renderProblem } from '../shared/problem';
import type { Terminal } from './command';
import { uploadsFolder } from './dataDirectory';
import { withAbsolutePaths, withUploadPaths } from './recipePaths';

/** The recipe with absolute paths; its warnings go to the terminal. Uploads are those of the data folder. Throws ProblemError with all that is wrong. */
export async function readRecipeFile(file: string, dataFolder: string, terminal: Terminal | undefined): Promise<Recipe> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    const what = error.code === 'ENOENT' ? 'There is no such file.' : `The file cannot be read (${error.code ?? error.message}).`;
    throw problemError('cli/no-recipe', what, { where: { file }, fix: { text: 'Check the path of the recipe.' } }, error);
  });
  const { recipe, problems } = readRecipe(text, file);
  if (!recipe) throw new ProblemError(problems.filter(({ severity }) => severity === 'error'));
  for (const problem of problems) if (problem.severity === 'warning') terminal?.error(`warning: ${renderProblem(problem)}\n`);
  return withUploadPaths(withAbsolutePaths(recipe, path.dirname(path.resolve(file))), new UploadStore(uploadsFolder(dataFolder)));
}
