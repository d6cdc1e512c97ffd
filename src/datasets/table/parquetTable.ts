/** A table over a Parquet file: its footer knows how many rows there are, and its pages where they lie. */
import type { Figure } from '../../shared/datasetPreview';
import type { OnProblem } from '../loaders/datasetLoader';
import type { ParquetFile } from '../loaders/parquetFile';
import { FileTable } from './fileTable';
import type { RowBatch } from './fileTable';

export class ParquetTable extends FileTable {
  readonly indexed = Promise.resolve();

  /** Looks at the first rows. */
  static async open(file: ParquetFile): Promise<ParquetTable> {
    const table = new ParquetTable(file);
    await table.findColumns(file.columnNames);
    return table;
  }

  private constructor(private readonly file: ParquetFile) {
    super(file.name, file.layout);
  }

  rowCount(): Figure {
    return { value: this.file.rowCount, isExact: true };
  }

  override async close(): Promise<void> {
    await super.close();
    await this.file.close();
  }

  protected async *batches(start: number, end: number, onProblem: OnProblem, signal: AbortSignal): AsyncGenerator<RowBatch> {
    const { rowCount } = this.file;
    let rowsDone = start;
    for await (const rows of this.file.batches(start, end, onProblem, signal)) {
      rowsDone = (rows[rows.length - 1]?.origin.row ?? rowsDone) + 1;
      yield { rows, rowsDone, bytesDone: this.bytes * (rowsDone / rowCount) };
    }
  }
}
