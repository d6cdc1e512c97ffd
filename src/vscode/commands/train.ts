/** Merlina: Train. Opens the recipe and trains it in a terminal, with the same CLI that works without VS Code. */
import { basename, dirname } from 'node:path';
import { l10n, window, workspace, type Uri } from 'vscode';
import { recipeAtHand, recipesInWorkspace } from '../recipeFiles';
import { runCli } from '../runCli';
import type { Command } from './command';
import { createRecipe } from './newRecipe';

export const train: Command = {
  id: 'merlina.train',
  async run(host, argument) {
    const recipe = recipeAtHand(argument) ?? (await chooseRecipe());
    if (!recipe) return;
    await openSaved(recipe);
    await runCli(host, {
      name: l10n.t('Train {0}', basename(recipe.fsPath)),
      args: ['train', recipe.fsPath],
      folder: workspace.getWorkspaceFolder(recipe),
      cwd: dirname(recipe.fsPath),
    });
  },
};

/** One of the workspace's recipes, or a new one. */
async function chooseRecipe(): Promise<Uri | undefined> {
  const recipes = await recipesInWorkspace();
  if (recipes.length === 0) return createRecipe();
  const items = [
    ...recipes.map(uri => ({ label: workspace.asRelativePath(uri), uri })),
    { label: l10n.t('New recipe…'), uri: undefined },
  ];
  const picked = await window.showQuickPick(items, { placeHolder: l10n.t('Recipe to train') });
  return picked && (picked.uri ?? createRecipe());
}

/** The trainer reads the file, so what the user sees must be what it holds. */
async function openSaved(recipe: Uri): Promise<void> {
  const editor = await window.showTextDocument(recipe, { preview: false });
  if (editor.document.isDirty) await editor.document.save();
}
