/** Merlina: Show More Runs. Another page of the history in the sidebar. */
import { sidebarOf } from '../sidebar/sidebar';
import type { Command } from './command';

export const showMoreJobs: Command = {
  id: 'merlina.showMoreJobs',
  run: async host => sidebarOf(host).jobs.showMore(),
};
