/** Merlina: Stop. A running job ends with a checkpoint, a queued one is cancelled. */
import { l10n } from 'vscode';
import { jobsAtHand } from '../jobsAtHand';
import { partOf } from '../sidebar/jobRows';
import type { Command } from './command';

export const stop: Command = {
  id: 'merlina.stop',
  async run(host, ...args) {
    const ids = await jobsAtHand(host, args, { title: l10n.t('Runs to stop'), filter: ({ status }) => partOf(status) !== 'ended' && status !== 'stopping' });
    const manager = await host.jobs.manager();
    for (const id of ids) await manager.stopJob(id);
    if (ids.length > 0) await host.jobs.poke();
  },
};
