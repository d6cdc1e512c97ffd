/** Rows of a Parquet file, any of them at once, a few pages in memory. */
import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { parquetMetadataAsync, parquetSchema } from 'hyparquet';
import type { AsyncBuffer, FileMetaData, ParquetReadOptions } from 'hyparquet';
import { parquetPlanGroup, parquetPlanGroups } from 'hyparquet/src/plan.js';
import { assembleAsync, asyncGroupToRows, readRowGroup } from 'hyparquet/src/rowgroup.js';
import { compressors } from 'hyparquet-compressors';
import { ProblemError, problemError } from '../../shared/problem';
import type { RawRow } from '../rows';
import type { OnProblem } from './datasetLoader';
import type { ParquetLayout } from './fileLayout';
import { locatePages } from './parquetPages';
import type { PageLocations } from './parquetPages';
import { plainCells, textOf } from './plainCells';
import type { Cells } from './rowFormat';

/** Uncompressed bytes of the rows that are read together. */
const BATCH_BYTES = 16 * 2 ** 20;
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
      return new ParquetFile(name, layout, handle, file, await parquetMetadataAsync(file));
    } catch (cause) {
      await handle.close();
      throw problemError('dataset/broken-parquet', `The file begins as Parquet, but its footer cannot be read (${(cause as Error).message}); it may have been cut off.`,
        { where: { file: name }, fix: { text: 'Download or write the file again.' } }, cause);
    }
  }

  private constructor(readonly name: string, readonly layout: ParquetLayout, private readonly handle: FileHandle, private readonly file: AsyncBuffer, private readonly metadata: FileMetaData) {}

  get rowCount(): number {
    return this.metadata.row_groups.reduce((sum, group) => sum + Number(group.num_rows), 0);
  }

  /** In the schema's order. */
  get columnNames(): string[] {
    return parquetSchema(this.metadata).children.map(({ element }) => element.name);
  }

  /** Rows from `start` up to `end`, a few megabytes at a time. Rows of a part that cannot be read are passed over, each with a Problem: dataset/broken-parquet. */
  async *batches(start: number, end: number, onProblem: OnProblem, signal?: AbortSignal): AsyncGenerator<RawRow[]> {
    let groupStart = 0;
    for (const [index, group] of this.metadata.row_groups.entries()) {
      const groupRows = Number(group.num_rows);
      const rowBytes = Math.max(1, Number(group.total_byte_size) / groupRows);
      const batchRows = Math.min(MAX_BATCH_ROWS, Math.max(1, Math.floor(BATCH_BYTES / rowBytes)));
      const last = Math.min(end, groupStart + groupRows);
      for (let row = Math.max(start, groupStart); row < last; row += batchRows) {
        signal?.throwIfAborted();
        yield await this.readOrTell(index, row, Math.min(row + batchRows, last), onProblem);
      }
      groupStart += groupRows;
    }
  }

  close(): Promise<void> {
    return this.handle.close();
  }

  private async readOrTell(group: number, start: number, end: number, onProblem: OnProblem): Promise<RawRow[]> {
    const tell = (row: number, text: string): void =>
      onProblem({ id: 'dataset/broken-parquet', severity: 'error', text, where: { file: this.name, row }, fix: { text: 'Download or write the file again.' } });
    let found: Cells[];
    try {
      found = await this.read(group, start, end);
    } catch (error) {
      for (let row = start; row < end; row++) tell(row, `Row group ${group} cannot be read here: ${(error as Error).message}.`);
      return [];
    }
    return found.flatMap((cells, i) => {
      const name = { file: this.name, row: start + i };
      try {
        return { cells: plainCells(cells, name), origin: name };
      } catch (error) {
        if (!(error instanceof ProblemError)) throw error;
        error.problems.forEach(onProblem);
        return [];
      }
    });
  }

  private async read(group: number, rowStart: number, rowEnd: number): Promise<Cells[]> {
    const { file, metadata } = this;
    const pageLocationsByGroup: PageLocations[] = [];
    pageLocationsByGroup[group] = await this.pagesOf(group);
    const { groups: [found] } = parquetPlanGroups({ file, metadata, rowStart, rowEnd, pageLocationsByGroup });
    const { groups: [plan] } = parquetPlanGroup(found!);
    const options: ParquetReadOptions = { file, metadata, compressors, utf8: false, parsers: { stringFromBytes: textOf } };
    const columns = assembleAsync(readRowGroup(options, { metadata, rowStart, rowEnd, fetches: [], groups: [] }, plan!), parquetSchema(metadata), options.parsers);
    return asyncGroupToRows(columns, plan!.selectStart, plan!.selectEnd, undefined, 'object');
  }

  private pagesOf(group: number): Promise<PageLocations> {
    let pages = this.pages.get(group);
    if (!pages) {
      if (this.pages.size >= MAX_LOCATED_GROUPS) this.pages.delete(this.pages.keys().next().value!);
      this.pages.set(group, (pages = locatePages(this.file, this.metadata, this.metadata.row_groups[group]!)));
    }
    return pages;
  }
}

async function readSlice(handle: FileHandle, start: number, end: number): Promise<ArrayBuffer> {
  const buffer = Buffer.alloc(Math.max(0, end - start));
  const { bytesRead } = await handle.read(buffer, 0, buffer.length, start);
  if (bytesRead < buffer.length) throw new Error(`the file ends at byte ${start + bytesRead}`);
  return buffer.buffer.slice(buffer.byteOffset, buffer.byteOffset + buffer.byteLength) as ArrayBuffer;
}
