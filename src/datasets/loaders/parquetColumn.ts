/** One column of a Parquet row group, read by whole pages: what a page holds beyond the rows asked for is kept for the next question. */
import { flatten, parquetSchema } from 'hyparquet';
import type { AsyncBuffer, FileMetaData, ParquetReadOptions } from 'hyparquet';
import { parquetPlanGroup } from 'hyparquet/src/plan.js';
import { assembleAsync, readRowGroup } from 'hyparquet/src/rowgroup.js';
import { compressors } from 'hyparquet-compressors';
import type { PageLocations } from './parquetPages';
import { textOf } from './plainCells';

interface ColumnName {
  /** Number of the row group. */
  group: number;
  name: string;
  /** Of all columns of the group. */
  pages: PageLocations;
}

export class ParquetColumn {
  private held: { start: number; values: ArrayLike<unknown> } = { start: 0, values: [] };

  constructor(private readonly file: AsyncBuffer, private readonly metadata: FileMetaData, private readonly column: ColumnName) {}

  /** Rows `start` up to `end` of the group. */
  async read(start: number, end: number): Promise<ArrayLike<unknown>> {
    const { held } = this;
    const heldEnd = held.start + held.values.length;
    const kept = start >= held.start && start < heldEnd ? slice(held.values, start - held.start, Math.min(end, heldEnd) - held.start) : [];
    if (kept.length === end - start) return kept;
    const from = start + kept.length;
    this.held = { start: from, values: await this.decode(from, this.pageEnd(end)) };
    const read = slice(this.held.values, 0, end - from);
    return kept.length === 0 ? read : [...Array.from(kept), ...Array.from(read)];
  }

  /** Where the last page ends that has a row before `end`: of lists and structs, whose parts have pages of their own, the shortest. */
  private pageEnd(end: number): number {
    const { name, pages } = this.column;
    const rows = this.rows;
    return Math.min(...Object.entries(pages).filter(([path]) => path === name || path.startsWith(`${name}.`))
      .map(([, found]) => Number(found.find(page => page.first_row_index >= end)?.first_row_index ?? rows)));
  }

  private get rows(): number {
    return Number(this.metadata.row_groups[this.column.group]!.num_rows);
  }

  private async decode(start: number, end: number): Promise<ArrayLike<unknown>> {
    const { file, metadata } = this;
    const { group, name, pages: pageLocations } = this.column;
    const { groups: [plan] } = parquetPlanGroup({ rowGroup: metadata.row_groups[group]!, groupStart: 0, groupRows: this.rows, ranges: [[start, end]], columns: [name], pageLocations });
    const options: ParquetReadOptions = { file, metadata, compressors, utf8: false, parsers: { stringFromBytes: textOf } };
    const { asyncColumns: [found] } = assembleAsync(readRowGroup(options, { metadata, rowStart: start, rowEnd: end, fetches: [], groups: [] }, plan!), parquetSchema(metadata), options.parsers);
    const { data, skipped } = await found!.data;
    const values = slice(flatten(data) ?? [], start - skipped, end - skipped);
    if (values.length < end - start) throw new Error(`column "${name}" has ${values.length} of ${end - start} values`);
    return values;
  }
}

function slice(values: ArrayLike<unknown>, start: number, end: number): ArrayLike<unknown> {
  return Array.prototype.slice.call(values, start, end) as unknown[];
}
