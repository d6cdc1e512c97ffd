/** A change of the database's shape. Only ever adds, so that Merlina's Python reads what we wrote. */
import type { Database } from 'sql.js';

export interface Migration {
  /** Counted from 1, without gaps. Kept in the database as its user_version. */
  readonly version: number;
  /** Must do nothing where the database already has what it adds. */
  up(db: Database): void;
}

/** `columns`: name → SQL type and default. */
export function addColumns(db: Database, table: string, columns: Readonly<Record<string, string>>): void {
  const present = new Set(db.exec(`PRAGMA table_info(${table})`)[0]?.values.map(row => String(row[1])));
  for (const [name, type] of Object.entries(columns)) {
    if (!present.has(name)) db.run(`ALTER TABLE ${table} ADD COLUMN ${name} ${type}`);
  }
}
