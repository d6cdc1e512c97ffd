/** Writes a file where the user wants it. */
import { commands, l10n, Uri, window, workspace } from 'vscode';

/** Name without its folder, and what kind of file it is: `{ PNG: ['png'] }`. */
export interface FileToSave {
  name: string;
  filters: Record<string, string[]>;
  content: Uint8Array;
}

/** False where the user turned back. */
export async function saveFile({ name, filters, content }: FileToSave): Promise<boolean> {
  const folder = workspace.workspaceFolders?.[0]?.uri;
  const uri = await window.showSaveDialog({ filters, ...(folder && { defaultUri: Uri.joinPath(folder, fileNameOf(name)) }) });
  if (!uri) return false;
  await workspace.fs.writeFile(uri, content);
  void offerToOpen(uri);
  return true;
}

async function offerToOpen(uri: Uri): Promise<void> {
  const open = l10n.t('Open');
  const answer = await window.showInformationMessage(l10n.t('Saved {0}', workspace.asRelativePath(uri)), open);
  if (answer === open) await commands.executeCommand('vscode.open', uri);
}

/** What no file system takes becomes a dash; a run may be called anything. */
function fileNameOf(name: string): string {
  return name.replaceAll(/[\\/:*?"<>|\p{C}]+/gu, '-');
}
