/** Merlina: Delete Model. What was trained here goes with its run; files and cached models go to the trash where there is one. */
import { l10n, Uri, window, workspace } from 'vscode';
import { formatBytes } from '../../shared/format';
import { problemError } from '../../shared/problem';
import type { Host } from '../host';
import { isModelItem, type ModelItem } from '../models/modelItems';
import { pickModelItem } from '../models/pickModelItem';
import { noticeText } from '../plainText';
import { sidebarOf } from '../sidebar/sidebar';
import type { Command } from './command';
import { confirmAndDelete } from './deleteJobs';

export const deleteModel: Command = {
  id: 'merlina.deleteModel',
  async run(host, subject) {
    const item = isModelItem(subject) ? subject : await pickModelItem(host, ({ kind }) => kind !== 'apprentice');
    if (!item) return;
    if (item.kind === 'apprentice') throw problemError('models/built-in', 'The apprentice is part of Merlina.', { fix: { text: 'Uninstall the extension to remove it.' } });
    if (item.job_id === undefined) await deleteFiles(host, item);
    else await confirmAndDelete(host, [item.job_id]);
  },
};

async function deleteFiles(host: Host, { name, path }: ModelItem): Promise<void> {
  const { diskUse } = await import('../../jobs');
  const uri = Uri.file(path);
  const { size } = await workspace.fs.stat(uri);
  const yes = l10n.t('Delete');
  const detail = l10n.t('{0} take {1}. They go to the trash where there is one.', path, formatBytes(size + diskUse(path)));
  if ((await window.showWarningMessage(l10n.t('Delete the model {0}?', noticeText(name)), { modal: true, detail: noticeText(detail) }, yes)) !== yes) return;
  await toTrash(uri);
  sidebarOf(host).models.refresh();
}

/** Where the system has no trash (a remote machine), they are removed. */
async function toTrash(uri: Uri): Promise<void> {
  const isRemovable = async (useTrash: boolean): Promise<boolean> => workspace.fs.delete(uri, { recursive: true, useTrash }).then(() => true, () => false);
  if (!(await isRemovable(true)) && !(await isRemovable(false))) {
    throw problemError('models/not-deleted', 'The model could not be deleted.', { where: { file: uri.fsPath }, fix: { text: 'Check that you may write there, and that no program uses it.' } });
  }
}
