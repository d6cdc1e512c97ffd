/** Merlina: Delete. Ended runs with all their files, into the trash where there is one; asks first and says how much. */
import { l10n, window } from 'vscode';
import type { JobManager } from '../../jobs';
import { formatBytes } from '../../shared/format';
import type { Host } from '../host';
import { jobsAtHand } from '../jobsAtHand';
import { noticeText } from '../plainText';
import { jobName, partOf } from '../sidebar/jobRows';
import type { Command } from './command';

export const deleteJobs: Command = {
  id: 'merlina.delete',
  async run(host, ...args) {
    const ids = await jobsAtHand(host, args, { title: l10n.t('Runs to delete'), filter: ({ status }) => partOf(status) !== 'running' });
    if (ids.length > 0) await confirmAndDelete(host, ids);
  },
};

/** Nothing is deleted where the user turns back. */
export async function confirmAndDelete(host: Host, ids: readonly string[]): Promise<void> {
  const manager = await host.jobs.manager();
  const bytes = await sizeOf(manager, ids);
  const name = noticeText(jobName(manager.requireJob(ids[0]!)));
  const question = ids.length === 1 ? l10n.t('Delete the run {0}?', name) : l10n.t('Delete {0} runs?', ids.length);
  const detail = l10n.t('Its checkpoints, adapter and log take {0}. They go to the trash where there is one.', formatBytes(bytes));
  const yes = l10n.t('Delete');
  if ((await window.showWarningMessage(question, { modal: true, detail }, yes)) !== yes) return;
  for (const id of ids) await manager.deleteJob(id);
  await host.jobs.poke();
}

async function sizeOf(manager: JobManager, ids: readonly string[]): Promise<number> {
  const { diskUse } = await import('../../jobs');
  return ids.reduce((sum, id) => sum + (manager.requireJob(id).run_dir === null ? 0 : diskUse(manager.folderOf(id).root)), 0);
}
