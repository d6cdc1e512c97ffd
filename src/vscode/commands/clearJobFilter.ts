/** Merlina: Show All Runs. */
import { sidebarOf } from '../sidebar/sidebar';
import type { Command } from './command';

export const clearJobFilter: Command = {
  id: 'merlina.clearJobFilter',
  run: async host => sidebarOf(host).setFilter({ text: '', statuses: [] }),
};
