/** Recipe files of the workspace: which there are, which one is meant, and a free name for a new one. */
import path from 'node:path';
import { l10n, TabInputCustom, Uri, window, workspace, type WorkspaceFolder } from 'vscode';
import type { Host } from './host';

export const RECIPE_SUFFIX = '.merlina.json';

/** More files than this are not listed; who has so many opens one from the explorer. */
const LISTED_RECIPES = 200;

export function isRecipe(uri: Uri): boolean {
  return uri.scheme === 'file' && uri.path.endsWith(RECIPE_SUFFIX);
}

/** The recipe a command is about: its argument (explorer, editor title), otherwise that of the active editor, as text or in the wizard. */
export function recipeAtHand(argument: unknown): Uri | undefined {
  if (argument instanceof Uri && isRecipe(argument)) return argument;
  const input = window.tabGroups.activeTabGroup.activeTab?.input;
  const active = input instanceof TabInputCustom ? input.uri : window.activeTextEditor?.document.uri;
  return active && isRecipe(active) ? active : undefined;
}

/** As recipeAtHand, asked for where none is. "new" where there is none yet or a new one is wanted; undefined where the user turned back. */
export async function recipeOrPick(argument: unknown): Promise<Uri | 'new' | undefined> {
  const atHand = recipeAtHand(argument);
  if (atHand) return atHand;
  const recipes = await recipesInWorkspace();
  if (recipes.length === 0) return 'new';
  const items = [
    ...recipes.map(uri => ({ label: workspace.asRelativePath(uri), uri })),
    { label: l10n.t('New recipe…'), uri: undefined },
  ];
  const picked = await window.showQuickPick(items, { placeHolder: l10n.t('Recipe') });
  return picked && (picked.uri ?? 'new');
}

/** Where jobs, their runs and uploads lie: the same for all windows. */
export function dataDirectory(host: Host): string {
  return host.context.globalStorageUri.fsPath;
}

/** A file as a recipe names it: from the recipe's folder where it lies in or near it, else whole. */
export function nameFrom(recipe: Uri, file: string): string {
  const relative = path.relative(path.dirname(recipe.fsPath), file);
  const isNear = !path.isAbsolute(relative) && !relative.startsWith(path.join('..', '..'));
  return isNear ? relative.split(path.sep).join('/') || '.' : file;
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
