/** A recipe named on the command line, ready to be copied into a run directory. */
import { UploadStore } from '../datasets';
import { withUploadPaths } from '../jobs/uploadPaths';
import { loadRecipe } from '../recipe';
import type { Recipe } from '../recipe';
import { renderProblem } from '../shared/problem';
import type { Terminal } from './command';
import { uploadsFolder } from './dataDirectory';

/** The recipe with absolute paths; its warnings go to the terminal. Uploads are those of the data folder. Throws ProblemError with all that is wrong. */
export async function readRecipeFile(file: string, dataFolder: string, terminal: Terminal | undefined): Promise<Recipe> {
  const { recipe, warnings } = await loadRecipe(file);
  for (const problem of warnings) terminal?.error(`warning: ${renderProblem(problem)}\n`);
  return withUploadPaths(recipe, new UploadStore(uploadsFolder(dataFolder)));
}
