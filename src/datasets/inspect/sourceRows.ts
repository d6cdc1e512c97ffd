/** Rows of parts that lie one after another (files of a source, sources of a dataset), with those that cannot be read in their place. */
import type { RowPlace } from '../../shared/datasetPreview';
import type { Problem } from '../../shared/problem';
import type { RawRow } from '../rows';
import type { Table } from '../table/table';

/** `problems` are of reading the file; a row without `raw` could not be read. */
export type SourceRow = { raw: RawRow; problems: Problem[] } | { place: RowPlace; problems: Problem[] };

/** `sizeOf` is asked only for parts that end before `offset`: it may have to read them, or bring them here. */
export async function rowsOfParts<Part, Row>(parts: readonly Part[], offset: number, count: number, read: (part: Part, offset: number, count: number) => Promise<Row[]>, sizeOf: (part: Part) => Promise<number>): Promise<Row[]> {
  const found: Row[] = [];
  let start = offset;
  for (const part of parts) {
    if (found.length === count) break;
    const rows = await read(part, start, count - found.length);
    found.push(...rows);
    start = rows.length > 0 || start === 0 ? 0 : start - await sizeOf(part);
  }
  return found;
}

/** In the order of the file. */
export async function rowsOfTable(table: Table, offset: number, count: number, signal?: AbortSignal): Promise<SourceRow[]> {
  const { rows, problems } = await table.rows(offset, count, signal);
  const byRow = new Map<number, Problem[]>();
  for (const problem of problems) {
    const row = problem.where?.row;
    if (row !== undefined) byRow.set(row, [...byRow.get(row) ?? [], problem]);
  }
  const read = rows.map((raw): SourceRow => {
    const ofRow = byRow.get(raw.origin.row) ?? [];
    byRow.delete(raw.origin.row);
    return { raw, problems: ofRow };
  });
  const unread = [...byRow].map(([row, ofRow]): SourceRow => ({ place: placeOf(table.name, row, ofRow[0]!), problems: ofRow }));
  return [...read, ...unread].sort((a, b) => rowNumber(a) - rowNumber(b));
}

function placeOf(file: string, row: number, { where }: Problem): RowPlace {
  return { file, row, ...(where?.line !== undefined && { line: where.line }) };
}

const rowNumber = (row: SourceRow): number => ('raw' in row ? row.raw.origin.row : row.place.row);
