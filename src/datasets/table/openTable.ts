/** Opens a dataset file of any size as a table. */
import { readLayout } from '../loaders/fileLayout';
import type { FileFormat } from '../loaders/fileLayout';
import { TextFile } from '../loaders/textFile';
import type { Table } from './table';
import { TextTable } from './textTable';

export interface TableOptions {
  /** Null tells it from the content. */
  format?: FileFormat | null;
  /** The recipe's key that names the file, for Problems. */
  field?: string;
}

/** Reads the first rows and returns; the index is built behind. Close it when done. Throws ProblemError: dataset/no-such-file. */
export async function openTable(file: string, { format = null, field = 'dataset.source.file_path' }: TableOptions = {}): Promise<Table> {
  return TextTable.open(new TextFile(file, await readLayout(file, format, field)));
}
