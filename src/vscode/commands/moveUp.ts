/** Merlina: Move Up in the Queue. */
import { l10n } from 'vscode';
import { jobAtHand, pickJob } from '../pickJob';
import type { Command } from './command';

export const moveUp: Command = {
  id: 'merlina.moveUp',
  async run(host, subject) {
    const jobId = jobAtHand(subject) ?? (await pickJob(host, { title: l10n.t('Run to start earlier'), filter: ({ status }) => status === 'queued' }));
    if (jobId === undefined) return;
    const manager = await host.jobs.manager();
    const queue = manager.queue();
    const before = queue[queue.indexOf(jobId) - 1];
    if (before !== undefined) await manager.updateJob(jobId, { before });
    await host.jobs.poke();
  },
};
