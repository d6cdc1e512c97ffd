/** Recipe files of the workspace: which there are, which one is meant, and a free name for a new one. */
import { Uri, window, workspace, type WorkspaceFolder } from 'vscode';

export const RECIPE_SUFFIX = '.merlina.json';

/** More files than this are not listed; who has so many opens one from the explorer. */
const LISTED_RECIPES = 200;

export function isRecipe(uri: Uri): boolean {
  return uri.scheme === 'file' && uri.path.endsWith(RECIPE_SUFFIX);
}

/** The recipe a command is about: its argument (explorer, editor title), otherwise the active editor's. */
export function recipeAtHand(argument: unknown): Uri | undefined {
  if (argument instanceof Uri && isRecipe(argument)) return argument;
  const active = window.activeTextEditor?.document.uri;
  return active && isRecipe(active) ? active : undefined;
}

export async function recipesInWorkspace(): Promise<Uri[]> {
  const found = await workspace.findFiles(`**/*${RECIPE_SUFFIX}`, '**/node_modules/**', LISTED_RECIPES);
  return found.sort((a, b) => a.path.localeCompare(b.path));
}

/** `my-tune.merlina.json` in the folder, or `my-tune-2` where that is taken. */
export async function freeRecipeFile(folder: WorkspaceFolder, name: string): Promise<Uri> {
  for (let count = 1; ; count++) {
    const uri = Uri.joinPath(folder.uri, `${name}${count === 1 ? '' : `-${count}`}${RECIPE_SUFFIX}`);
    if (!(await exists(uri))) return uri;
  }
}

async function exists(uri: Uri): Promise<boolean> {
  return workspace.fs.stat(uri).then(() => true, () => false);
}
