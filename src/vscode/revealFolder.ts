/** Shows a folder to the user: in the system's file manager, or, where the files are on another machine, in a window of its own. */
import { commands, env, UIKind, Uri } from 'vscode';

export async function revealFolder(folder: string): Promise<void> {
  const uri = Uri.file(folder);
  if (env.remoteName === undefined && env.uiKind === UIKind.Desktop) await commands.executeCommand('revealFileInOS', uri);
  else await commands.executeCommand('vscode.openFolder', uri, { forceNewWindow: true });
}
