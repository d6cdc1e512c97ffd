/** Tells VS Code who shows recipes. The code that does is loaded when one is opened. */
import { commands, window, type Disposable, type Uri } from 'vscode';
import type { Host } from '../host';

export const RECIPE_EDITOR = 'merlina.recipe';

export function registerRecipeViews(host: Host): Disposable[] {
  return [
    window.registerCustomEditorProvider(RECIPE_EDITOR, {
      resolveCustomTextEditor: async (document, panel) => (await import('./recipeEditor')).showRecipe(host, panel, document),
    }),
  ];
}

/** The wizard. */
export async function openRecipeForm(uri: Uri): Promise<void> {
  await commands.executeCommand('vscode.openWith', uri, RECIPE_EDITOR);
}
