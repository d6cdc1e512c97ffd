/** Merlina: New Recipe. Writes a starter into the workspace and opens it: the document is the form. */
import { commands, l10n, window, workspace, type Uri } from 'vscode';
import { freeRecipeFile } from '../recipeFiles';
import { recipeText, STARTERS, type Starter } from '../starters';
import type { Command } from './command';

export const newRecipe: Command = {
  id: 'merlina.newRecipe',
  run: (_host, starterId) => createRecipe(typeof starterId === 'string' ? starterId : undefined),
};

/** Asks for a starter unless one is named; gives the opened file, or nothing where the user turned back. */
export async function createRecipe(starterId?: string): Promise<Uri | undefined> {
  const folder = workspace.workspaceFolders?.[0];
  if (!folder) {
    const openFolder = l10n.t('Open Folder');
    const answer = await window.showErrorMessage(l10n.t('A recipe is a file in a folder. Open a folder first.'), openFolder);
    if (answer === openFolder) await commands.executeCommand('vscode.openFolder');
    return undefined;
  }
  const starter = STARTERS.find(({ id }) => id === starterId) ?? (await pickStarter());
  if (!starter) return undefined;
  const uri = await freeRecipeFile(folder, starter.name);
  await workspace.fs.writeFile(uri, Buffer.from(recipeText(starter.recipe)));
  await window.showTextDocument(uri);
  return uri;
}

async function pickStarter(): Promise<Starter | undefined> {
  const items = STARTERS.map(starter => ({ ...describe(starter), starter }));
  return (await window.showQuickPick(items, { placeHolder: l10n.t('Start from') }))?.starter;
}

function describe({ id }: Starter): { label: string; detail: string } {
  switch (id) {
    case 'orpo':
      return { label: l10n.t('Preferences (ORPO)'), detail: l10n.t('A file of prompts with a better and a worse answer') };
    case 'sft':
      return { label: l10n.t('Instructions (SFT)'), detail: l10n.t('A file of prompts with one answer each') };
    default:
      return { label: id, detail: '' };
  }
}
