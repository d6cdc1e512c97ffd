/** Asks for the file that a pair of preferences is added to. */
import path from 'node:path';
import { l10n, Uri, window, workspace } from 'vscode';

const LISTED_FILES = 50;

/** `last` is offered first. Undefined where the user turned back. */
export async function pickPairFile(last: string | null): Promise<string | undefined> {
  const found = (await workspace.findFiles('**/*.jsonl', '**/{node_modules,.merlina}/**', LISTED_FILES)).map(uri => uri.fsPath);
  const files = [...new Set([...(last === null ? [] : [last]), ...found.sort()])];
  const items = [
    ...files.map(file => ({ label: path.basename(file), description: workspace.asRelativePath(path.dirname(file)), choose: async () => file as string | undefined })),
    { label: l10n.t('New file…'), description: '', choose: newFile },
  ];
  const picked = files.length === 0 ? items[0] : await window.showQuickPick(items, { title: l10n.t('File that the pair is added to'), matchOnDescription: true });
  return picked?.choose();
}

async function newFile(): Promise<string | undefined> {
  const folder = workspace.workspaceFolders?.[0]?.uri;
  const uri = await window.showSaveDialog({ ...(folder && { defaultUri: Uri.joinPath(folder, 'preferences.jsonl') }), filters: { JSONL: ['jsonl'] }, saveLabel: l10n.t('Add here') });
  return uri?.fsPath;
}
