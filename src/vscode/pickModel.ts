/** Asks for a model in VS Code's own way: the apprentice, models of the workspace's recipes, a folder, a GGUF file, or an id of the hub. */
import path from 'node:path';
import { l10n, QuickPickItemKind, Uri, window, workspace, type QuickPickItem } from 'vscode';
import type { Host } from './host';
import { recipesInWorkspace } from './recipeFiles';

type Item = QuickPickItem & { choose?: () => string | Thenable<string | undefined> };

/** A path or an id as base_model takes it; undefined where the user turned back. */
export async function pickModel(host: Host): Promise<string | undefined> {
  const picked = await window.showQuickPick(items(host), { placeHolder: l10n.t('Model'), matchOnDescription: true });
  return picked?.choose?.();
}

/** The folder of the built-in model. */
export function apprenticeFolder(host: Host): string {
  return Uri.joinPath(host.context.extensionUri, 'media', 'apprentice').fsPath;
}

async function items(host: Host): Promise<Item[]> {
  const [used, files] = await Promise.all([modelsOfRecipes(), workspace.findFiles('**/*.gguf', '**/node_modules/**', 50)]);
  return [
    ...used.map(model => ({ label: path.basename(model), description: model, choose: () => model })),
    ...files.map(({ fsPath }) => ({ label: path.basename(fsPath), description: fsPath, choose: () => fsPath })),
    { label: l10n.t('The apprentice'), description: l10n.t('built in'), choose: () => apprenticeFolder(host) },
    { label: '', kind: QuickPickItemKind.Separator },
    { label: l10n.t('Id on the Hugging Face Hub…'), choose: () => window.showInputBox({ prompt: l10n.t('Model id, as owner/name'), placeHolder: 'HuggingFaceTB/SmolLM2-135M-Instruct' }) },
    { label: l10n.t('Folder…'), choose: () => browse({ canSelectFolders: true, canSelectFiles: false }) },
    { label: l10n.t('GGUF file…'), choose: () => browse({ canSelectFiles: true, filters: { GGUF: ['gguf'] } }) },
  ];
}

/** base_model of each recipe in the workspace, once. Relative paths count from the recipe. */
async function modelsOfRecipes(): Promise<string[]> {
  const recipes = await recipesInWorkspace();
  const models = await Promise.all(recipes.map(async uri => {
    const text = Buffer.from(await workspace.fs.readFile(uri)).toString();
    const model = /"base_model"\s*:\s*"([^"]+)"/.exec(text)?.[1];
    return model?.startsWith('.') ? path.resolve(path.dirname(uri.fsPath), model) : model;
  }));
  return [...new Set(models.filter(model => model !== undefined))];
}

async function browse(options: { canSelectFolders?: boolean; canSelectFiles?: boolean; filters?: Record<string, string[]> }): Promise<string | undefined> {
  return (await window.showOpenDialog({ ...options, canSelectMany: false, openLabel: l10n.t('Choose') }))?.[0]?.fsPath;
}
