/** Runs the extension's own CLI in the integrated terminal. */
import { l10n, window, type TaskExecution } from 'vscode';
import type { Host } from './host';
import { runInTerminal, type TerminalProgram } from './terminal';

/** `args` are the CLI's. */
export async function runCli(host: Host, { args, ...program }: Omit<TerminalProgram, 'node'>): Promise<TaskExecution> {
  const node = await host.node();
  if (node.refused) {
    void window.showWarningMessage(l10n.t('merlina.nodePath is "{0}", which is no Node 20 or newer. Training with {1} instead.', node.refused, node.file));
  }
  return runInTerminal({ ...program, node, args: [host.builtFile('cli.mjs'), ...args] });
}
