/** What queue, lists and live charts need besides. */
import { addColumns } from './migration';
import type { Migration } from './migration';

export const queueAndCharts: Migration = {
  version: 2,
  up(db) {
    addColumns(db, 'jobs', {
      priority: "TEXT DEFAULT 'normal'", position: 'REAL DEFAULT 0', device: "TEXT DEFAULT 'cpu'", attempt: 'INTEGER DEFAULT 0', epoch: 'REAL',
      grad_norm: 'REAL', tokens_per_second: 'REAL', checkpoint: 'TEXT', run_dir: 'TEXT', events_offset: 'INTEGER DEFAULT 0',
      // Of the recipe, so that a search need not read every recipe.
      output_name: 'TEXT', base_model: 'TEXT',
      // Steps to a kept bucket of training_metrics; 1: every step is there.
      bucket_steps: 'INTEGER DEFAULT 1',
    });
    addColumns(db, 'training_metrics', { epoch: 'REAL', grad_norm: 'REAL', tokens_per_second: 'REAL', extra: 'TEXT' });
    db.run('CREATE TABLE IF NOT EXISTS store_state (name TEXT PRIMARY KEY, value TEXT NOT NULL)');
  },
};
