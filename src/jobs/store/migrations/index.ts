/** All migrations, in order. One place to add. */
import type { Database } from 'sql.js';
import { problemError } from '../../../shared/problem';
import { merlinaTables } from './0001merlina';
import { queueAndCharts } from './0002queueAndCharts';
import { following } from './0003following';
import type { Migration } from './migration';

export const MIGRATIONS: readonly Migration[] = [merlinaTables, queueAndCharts, following];

/** Brings a database to the newest shape, all or nothing. Problem where a newer Merlina wrote it. */
export function migrate(db: Database, migrations: readonly Migration[] = MIGRATIONS): void {
  const version = Number(db.exec('PRAGMA user_version')[0]?.values[0]?.[0] ?? 0);
  const newest = migrations.at(-1)?.version ?? 0;
  if (version > newest) {
    throw problemError('jobs/newer-database', `The job history has version ${version}; this Merlina reads versions up to ${newest}.`, {
      fix: { text: 'Update Merlina, or name another folder with --data-dir.' },
    });
  }
  db.run('BEGIN');
  try {
    for (const migration of migrations) if (migration.version > version) migration.up(db);
    db.run(`PRAGMA user_version = ${newest}`);
    db.run('COMMIT');
  } catch (error) {
    db.run('ROLLBACK');
    throw error;
  }
}
