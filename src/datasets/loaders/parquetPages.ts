/**
 * Where the pages of a Parquet row group are and which rows they hold, so that a few rows need a few pages, not a whole group of a million.
 * Files seldom carry such an index (Parquet's page index is optional), but every page says its size in its header.
 */
import type { AsyncBuffer, ColumnChunk, FileMetaData, RowGroup, SchemaTree } from 'hyparquet';
import { parquetHeader } from 'hyparquet/src/column.js';
import { decompressPage } from 'hyparquet/src/datapage.js';
import { readRleBitPackedHybrid } from 'hyparquet/src/encoding.js';
import { parquetSchema } from 'hyparquet/src/metadata.js';
import type { parquetPlanGroup } from 'hyparquet/src/plan.js';
import { getMaxRepetitionLevel, getTreePath } from 'hyparquet/src/schema.js';
import { compressors } from 'hyparquet-compressors';

/** Bytes read for a page's header: most are below 100, those with statistics of long texts larger. */
const HEADER_BYTES = 1024;
const MAX_HEADER_BYTES = 16 * 2 ** 20;

export type PageLocations = NonNullable<Parameters<typeof parquetPlanGroup>[0]['pageLocations']>;
type PageLocation = PageLocations[string][number];

/** By the column's path. */
export async function locatePages(file: AsyncBuffer, metadata: FileMetaData, group: RowGroup): Promise<PageLocations> {
  const schema = parquetSchema(metadata);
  const located: PageLocations = {};
  for (const chunk of group.columns) if (chunk.meta_data) located[chunk.meta_data.path_in_schema.join('.')] = await locateColumn(file, schema, chunk);
  return located;
}

async function locateColumn(file: AsyncBuffer, schema: SchemaTree, chunk: ColumnChunk): Promise<PageLocation[]> {
  const column = chunk.meta_data!;
  const levels = getMaxRepetitionLevel(getTreePath(schema, column.path_in_schema));
  const pages: PageLocation[] = [];
  let offset = Number(column.dictionary_page_offset || column.data_page_offset);
  const end = offset + Number(column.total_compressed_size);
  let row = 0;
  while (offset < end) {
    const { header, length } = await readHeader(file, offset, end);
    const size = length + header.compressed_page_size;
    const plain = header.data_page_header;
    if (plain || header.data_page_header_v2) {
      const rows = header.data_page_header_v2?.num_rows ?? (levels === 0 ? plain!.num_values : undefined);
      const starts = rows ?? await rowStarts(file, offset + length, header, column.codec, levels, plain!.num_values);
      const last = pages[pages.length - 1];
      // A row that goes on from the page before can only be read with it.
      if (typeof starts !== 'number' && starts.continues && last) last.compressed_page_size += size;
      else pages.push({ offset: BigInt(offset), compressed_page_size: size, first_row_index: BigInt(row) });
      row += typeof starts === 'number' ? starts : starts.rows;
    }
    offset += size;
  }
  return pages;
}

async function readHeader(file: AsyncBuffer, offset: number, end: number): Promise<{ header: ReturnType<typeof parquetHeader>; length: number }> {
  for (let bytes = HEADER_BYTES; ; bytes *= 16) {
    const reader = { view: new DataView(await file.slice(offset, Math.min(offset + bytes, end))), offset: 0 };
    try {
      const header = parquetHeader(reader);
      if (!(header.compressed_page_size >= 0)) throw new Error(`a page has a size of ${header.compressed_page_size} bytes`);
      return { header, length: reader.offset };
    } catch (error) {
      if (!(error instanceof RangeError) || bytes >= Math.min(MAX_HEADER_BYTES, end - offset)) throw error;
    }
  }
}

/** Of a page of lists: a value with repetition level 0 begins a row. */
async function rowStarts(file: AsyncBuffer, offset: number, header: ReturnType<typeof parquetHeader>, codec: Parameters<typeof decompressPage>[2], levels: number, values: number):
  Promise<{ rows: number; continues: boolean }> {
  const packed = new Uint8Array(await file.slice(offset, offset + header.compressed_page_size));
  const page = decompressPage(packed, header.uncompressed_page_size, codec, compressors);
  const repetitions = new Array<number>(values);
  readRleBitPackedHybrid({ view: new DataView(page.buffer, page.byteOffset, page.byteLength), offset: 0 }, Math.ceil(Math.log2(levels + 1)), repetitions);
  return { rows: repetitions.filter(level => level === 0).length, continues: repetitions[0] !== 0 };
}
