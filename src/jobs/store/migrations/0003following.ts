/** What live views show besides: the time a step takes, what the trainer is at, and where a recipe came from. */
import { addColumns } from './migration';
import type { Migration } from './migration';

export const following: Migration = {
  version: 3,
  up(db) {
    addColumns(db, 'jobs', { seconds_per_step: 'REAL', message: 'TEXT', started_at: 'TEXT', retry_of: 'TEXT' });
  },
};
