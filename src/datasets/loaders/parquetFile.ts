/** Rows of a Parquet file, any of them at once, a few pages in memory. */
import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { parquetMetadataAsync, parquetSchema } from 'hyparquet';
import type { AsyncBuffer, FileMetaData } from 'hyparquet';
import { ProblemError, problemError } from '../../shared/problem';
import type { RawRow } from '../rows';
import type { OnProblem } from './datasetLoader';
import type { ParquetLayout } from './fileLayout';
import { ParquetColumn } from './parquetColumn';
import { locatePages } from './parquetPages';
import type { PageLocations } from './parquetPages';
import { plainCells } from './plainCells';
import type { Cells } from './rowFormat';

/** Uncompressed bytes of the rows that are read together. */
const BATCH_BYTES = 512 * 1024;
const MAX_BATCH_ROWS = 50_000;
const MAX_LOCATED_GROUPS = 64;

export class ParquetFile {
  /** Of the row groups last used. */
  private readonly pages = new Map<number, Promise<PageLocations>>();

  /** Problems: dataset/broken-parquet where the file has no footer that can be read. */
  static async open(name: string, layout: ParquetLayout): Promise<ParquetFile> {
    const handle = await open(name);
    const file: AsyncBuffer = { byteLength: layout.bytes, slice: (start, end = layout.bytes) => readSlice(handle, start, end) };
    try {
      const metadata = await parquetMetadataAsync(file);
      checkCounts(metadata);
      return new ParquetFile(name, layout, handle, file, metadata);
    } catch (cause) {
      await handle.close();
      throw problemError('dataset/broken-parquet', `The file begins as Parquet, but its footer cannot be read (${(cause as Error).message}); it may have been cut off.`,
        { where: { file: name }, fix: { text: 'Download or write the file again.' } }, cause);
    }
  }

  /** In the schema's order. */
  readonly columnNames: readonly string[];

  private constructor(readonly name: string, readonly layout: ParquetLayout, private readonly handle: FileHandle, private readonly file: AsyncBuffer, private readonly metadata: FileMetaData) {
    this.columnNames = parquetSchema(metadata).children.map(({ element }) => element.name);
  }

  get rowCount(): number {
    return this.metadata.row_groups.reduce((sum, group) => sum + Number(group.num_rows), 0);
  }

  /** Rows from `start` up to `end`, a few megabytes at a time. Rows of a part that cannot be read are passed over, each with a Problem: dataset/broken-parquet. */
  async *batches(start: number, end: number, onProblem: OnProblem, signal?: AbortSignal): AsyncGenerator<RawRow[]> {
    let groupStart = 0;
    for (const [index, group] of this.metadata.row_groups.entries()) {
      const groupRows = Number(group.num_rows);
      const [from, to] = [Math.max(start - groupStart, 0), Math.min(end - groupStart, groupRows)];
      if (from < to) yield* this.groupBatches(index, { from, to, groupStart }, onProblem, signal);
      groupStart += groupRows;
    }
  }

  close(): Promise<void> {
    return this.handle.close();
  }

  /** Rows `from` up to `to` of one group. */
  private async *groupBatches(index: number, { from, to, groupStart }: { from: number; to: number; groupStart: number }, onProblem: OnProblem, signal?: AbortSignal): AsyncGenerator<RawRow[]> {
    const group = this.metadata.row_groups[index]!;
    const rowBytes = Math.max(1, Number(group.total_byte_size) / Number(group.num_rows));
    const batchRows = Math.min(MAX_BATCH_ROWS, Math.max(1, Math.floor(BATCH_BYTES / rowBytes)));
    const tell = (row: number, error: unknown): void => onProblem({
      id: 'dataset/broken-parquet', severity: 'error', text: `Row group ${index} cannot be read here: ${(error as Error).message}.`,
      where: { file: this.name, row: groupStart + row }, fix: { text: 'Download or write the file again.' },
    });
    let columns: ParquetColumn[] | undefined;
    for (let row = from; row < to; row += batchRows) {
      signal?.throwIfAborted();
      const end = Math.min(row + batchRows, to);
      try {
        columns ??= (await this.columnsOf(index)).map(open => open());
        const values = await Promise.all(columns.map(column => column.read(row, end)));
        yield Array.from({ length: end - row }, (_, i) => this.row(values, i, groupStart + row + i, onProblem)).filter(read => read !== undefined);
      } catch (error) {
        for (let lost = row; lost < end; lost++) tell(lost, error);
        columns = undefined;
      }
    }
  }

  private row(values: readonly ArrayLike<unknown>[], at: number, row: number, onProblem: OnProblem): RawRow | undefined {
    const origin = { file: this.name, row };
    const cells: Cells = {};
    for (let column = 0; column < values.length; column++) cells[this.columnNames[column]!] = values[column]![at];
    try {
      return { cells: plainCells(cells, origin), origin };
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error;
      error.problems.forEach(onProblem);
      return undefined;
    }
  }

  /** Each opens a column of its own, which remembers what it read last. */
  private async columnsOf(index: number): Promise<(() => ParquetColumn)[]> {
    let pages = this.pages.get(index);
    if (!pages) {
      if (this.pages.size >= MAX_LOCATED_GROUPS) this.pages.delete(this.pages.keys().next().value!);
      this.pages.set(index, (pages = locatePages(this.file, this.metadata, this.metadata.row_groups[index]!)));
    }
    const located = await pages;
    return this.columnNames.map(name => () => new ParquetColumn(this.file, this.metadata, { group: index, name, pages: located }));
  }
}

/** A damaged footer may promise any number of rows; the columns' own counts tell. Lists have more values than rows. */
function checkCounts({ row_groups: groups }: FileMetaData): void {
  for (const [index, { num_rows: rows, columns }] of groups.entries()) {
    const short = columns.find(({ meta_data: column }) => column !== undefined && column.num_values < rows);
    if (short || rows < 0n) throw new Error(`row group ${index} is said to have ${rows} rows, but a column of it has ${short?.meta_data?.num_values ?? 0n} values`);
  }
}

async function readSlice(handle: FileHandle, start: number, end: number): Promise<ArrayBuffer> {
  const bytes = new Uint8Array(Math.max(0, end - start));
  const { bytesRead } = await handle.read(bytes, 0, bytes.length, start);
  if (bytesRead < bytes.length) throw new Error(`the file ends at byte ${start + bytesRead}`);
  return bytes.buffer;
}
