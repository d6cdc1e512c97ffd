/** Writes a new recipe into the workspace and opens it in the wizard: the document is the form. */
import { commands, l10n, type Uri, window, workspace } from 'vscode';
import { freeRecipeFile } from './recipeFiles';
import { recipeText, STARTERS, type Starter } from './starters';
import { openRecipeForm } from './views/recipeViews';

/** `name`: of the file, without its ending, and of the run; with a number where that is taken. Undefined where no folder is open. */
export async function createRecipeFile(name: string, recipe: Record<string, unknown>): Promise<Uri | undefined> {
  const folder = workspace.workspaceFolders?.[0];
  if (!folder) {
    const openFolder = l10n.t('Open Folder');
    const answer = await window.showErrorMessage(l10n.t('A recipe is a file in a folder. Open a folder first.'), openFolder);
    if (answer === openFolder) await commands.executeCommand('vscode.openFolder');
    return undefined;
  }
  const uri = await freeRecipeFile(folder, name);
  await workspace.fs.writeFile(uri, Buffer.from(recipeText(recipe)));
  await openRecipeForm(uri);
  return uri;
}

/** Asks for a starter unless one is named. */
export async function createFromStarter(starterId?: string): Promise<Uri | undefined> {
  const starter = STARTERS.find(({ id }) => id === starterId) ?? (await pickStarter());
  return starter && createRecipeFile(starter.name, starter.recipe);
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
