/** Merlina: Train the Apprentice. The built-in model, recipe and preferences, in a terminal: something to see within a minute. */
import { l10n, workspace } from 'vscode';
import { runCli } from '../runCli';
import type { Command } from './command';

export const trainApprentice: Command = {
  id: 'merlina.trainApprentice',
  run: async host => {
    const folder = workspace.workspaceFolders?.[0];
    const data = host.context.globalStorageUri.fsPath; // not the workspace: nothing of the demo is the user's
    await runCli(host, { name: l10n.t('Train the apprentice'), args: ['train', '--demo', '--data-dir', data], folder, cwd: folder?.uri.fsPath });
  },
};
