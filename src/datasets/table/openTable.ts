/** Opens a dataset file of any size as a table. */
import { readLayout } from '../loaders/readLayout';
import type { LayoutOptions } from '../loaders/readLayout';
import { TextFile } from '../loaders/textFile';
import type { Table } from './table';
import { TextTable } from './textTable';

export type TableOptions = LayoutOptions;

/** Reads the first rows and returns; what takes longer goes on behind: an index of text files, and of packed ones (gzip, zstd, UTF-16, a list for each column) a copy that is not. Close it when done. Throws ProblemError as readLayout does, and dataset/broken-parquet. */
export async function openTable(file: string, options: TableOptions = {}): Promise<Table> {
  const layout = await readLayout(file, options);
  if (layout.format !== 'parquet') return TextTable.open(new TextFile(file, layout));
  const [{ ParquetFile }, { ParquetTable }] = await Promise.all([import('../loaders/parquetFile'), import('./parquetTable')]);
  return ParquetTable.open(await ParquetFile.open(file, layout));
}
