/** Merlina: Set Priority. Of a job that waits; higher ones start first. */
import { l10n, window } from 'vscode';
import type { Priority } from '../../jobs';
import { jobsAtHand } from '../jobsAtHand';
import type { Command } from './command';

export const setPriority: Command = {
  id: 'merlina.setPriority',
  async run(host, ...args) {
    const ids = await jobsAtHand(host, args, { title: l10n.t('Runs to give another priority'), filter: ({ status }) => status === 'queued' });
    const priority = ids.length === 0 ? undefined : await pickPriority();
    if (priority === undefined) return;
    const manager = await host.jobs.manager();
    for (const id of ids) await manager.updateJob(id, { priority });
    await host.jobs.poke();
  },
};

async function pickPriority(): Promise<Priority | undefined> {
  const items: { label: string; priority: Priority }[] = [
    { label: l10n.t('High'), priority: 'high' }, { label: l10n.t('Normal'), priority: 'normal' }, { label: l10n.t('Low'), priority: 'low' },
  ];
  return (await window.showQuickPick(items, { title: l10n.t('Priority') }))?.priority;
}
