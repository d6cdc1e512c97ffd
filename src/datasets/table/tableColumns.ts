/** The columns of rows: their names in order, what kinds of value they hold, and how often. */
import type { CellKind } from '../../shared/datasetPreview';
import type { RawRow } from '../rows';
import { kindOf } from './cellKind';
import type { TableColumn } from './table';

/** Rows that a table's columns are told from. */
export const COLUMN_ROWS = 200;

/** `names` are there even if no row has them. */
export function tableColumns(rows: readonly RawRow[], names: readonly string[] = []): TableColumn[] {
  const kinds = new Map<string, Map<CellKind, number>>(names.map(name => [name, new Map<CellKind, number>()]));
  for (const { cells } of rows) {
    for (const [name, cell] of Object.entries(cells)) {
      const counts = kinds.get(name) ?? new Map<CellKind, number>();
      kinds.set(name, counts);
      counts.set(kindOf(cell), (counts.get(kindOf(cell)) ?? 0) + 1);
    }
  }
  return [...kinds].map(([name, counts]) => {
    const filled = [...counts].filter(([kind]) => kind !== 'null').reduce((sum, [, count]) => sum + count, 0);
    return { name, kinds: [...counts].sort((a, b) => b[1] - a[1]).map(([kind]) => kind), filledFraction: rows.length === 0 ? 0 : filled / rows.length };
  });
}
