/** Merlina: Export Model. A copy of a result in a folder of the user's: an adapter in PEFT's format with tokenizer and model card, or a whole model. */
import path from 'node:path';
import { l10n, ProgressLocation, Uri, window, workspace } from 'vscode';
import { problemError } from '../../shared/problem';
import { isModelItem, type ModelItem } from '../models/modelItems';
import { pickModelItem } from '../models/pickModelItem';
import { revealFolder } from '../revealFolder';
import type { Command } from './command';

export const exportModel: Command = {
  id: 'merlina.exportModel',
  /** `place`: the folder that gets the copy, where the caller knows it. Gives the copy. */
  async run(host, subject, place) {
    const item = isModelItem(subject) ? subject : await pickModelItem(host, isExportable);
    if (!item) return undefined;
    const parent = place instanceof Uri ? place : await askForFolder(item);
    if (!parent) return undefined;
    const target = Uri.joinPath(parent, path.basename(item.name));
    if (await exists(target)) {
      throw problemError('models/export-exists', `There is already a "${path.basename(target.fsPath)}" in ${parent.fsPath}; nothing was written.`, { where: { file: target.fsPath }, fix: { text: 'Choose another folder, or remove what is there.' } });
    }
    await window.withProgress({ location: ProgressLocation.Notification, title: l10n.t('Exporting {0}', item.name) }, () => copy(host.jobs, item, target));
    if (!(place instanceof Uri)) await revealFolder(target.fsPath);
    return target;
  },
};

function isExportable({ kind }: ModelItem): boolean {
  return kind === 'adapter' || kind === 'merged';
}

async function askForFolder({ name }: ModelItem): Promise<Uri | undefined> {
  const [folder] = await window.showOpenDialog({ canSelectFolders: true, canSelectFiles: false, canSelectMany: false, openLabel: l10n.t('Export {0} into', name) }) ?? [];
  return folder;
}

/** All of it or nothing: a copy that broke off is removed. */
async function copy(jobs: { manager(): Promise<{ folderOf(id: string): { root: string } }> }, item: ModelItem, target: Uri): Promise<void> {
  try {
    await workspace.fs.copy(Uri.file(item.path), target);
    if (item.job_id === undefined) return;
    const card = Uri.file(path.join((await jobs.manager()).folderOf(item.job_id).root, 'README.md'));
    if (await exists(card)) await workspace.fs.copy(card, Uri.joinPath(target, 'README.md'), { overwrite: true });
  } catch (cause) {
    await workspace.fs.delete(target, { recursive: true }).then(undefined, () => {});
    throw problemError('models/not-exported', `The model could not be copied (${cause instanceof Error ? cause.message : String(cause)}).`, { where: { file: target.fsPath }, fix: { text: 'Check that the disk is not full and that you may write there.' } }, cause);
  }
}

function exists(uri: Uri): Promise<boolean> {
  return Promise.resolve(workspace.fs.stat(uri).then(() => true, () => false));
}
