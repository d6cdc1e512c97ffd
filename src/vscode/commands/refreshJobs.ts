/** Merlina: Refresh. Reads runs and models anew. */
import { sidebarOf } from '../sidebar/sidebar';
import type { Command } from './command';

export const refreshJobs: Command = {
  id: 'merlina.refreshJobs',
  async run(host) {
    const manager = await host.jobs.managerIfAny();
    manager?.refresh();
    sidebarOf(host).refresh();
  },
};
