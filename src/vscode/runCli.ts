/** Runs the extension's own CLI in the integrated terminal. */
import { l10n, Uri, window, workspace, type ExtensionContext, type TaskExecution } from 'vscode';
import { findNode } from './findNode';
import { runInTerminal, type TerminalProgram } from './terminal';

/** `args` are the CLI's. */
export async function runCli(context: ExtensionContext, { args, ...program }: Omit<TerminalProgram, 'node'>): Promise<TaskExecution> {
  const node = await findNode(workspace.getConfiguration('merlina').get<string>('nodePath'));
  if (node.refused) {
    void window.showWarningMessage(l10n.t('merlina.nodePath is "{0}", which is no Node 20 or newer. Training with {1} instead.', node.refused, node.file));
  }
  const cli = Uri.joinPath(context.extensionUri, 'dist', 'cli.mjs').fsPath;
  return runInTerminal({ ...program, node, args: [cli, ...args] });
}
