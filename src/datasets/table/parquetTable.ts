/** A table over a Parquet file: its footer knows how many rows there are, and its pages where they lie. */
import type { Figure } from '../../shared/datasetPreview';
import type { Problem } from '../../shared/problem';
import { layoutName } from '../loaders/fileLayout';
import type { ParquetFile } from '../loaders/parquetFile';
import { ProblemTally } from './problemTally';
import { ProgressReport, StatisticsGatherer } from './statistics';
import type { Table, TableColumn, TableProblems, TableProgress, TableRows, TableStatistics } from './table';
import { COLUMN_ROWS, tableColumns } from './tableColumns';

export class ParquetTable implements Table {
  private tally = new ProblemTally();
  private isComplete = false;
  private readonly closing = new AbortController();
  columns: readonly TableColumn[] = [];
  readonly indexed = Promise.resolve();

  static async open(file: ParquetFile): Promise<ParquetTable> {
    const table = new ParquetTable(file);
    table.columns = tableColumns((await table.rows(0, COLUMN_ROWS)).rows, file.columnNames);
    return table;
  }

  private constructor(private readonly file: ParquetFile) {}

  get name(): string { return this.file.name; }
  get format(): string { return layoutName(this.file.layout); }
  get bytes(): number { return this.file.layout.bytes; }
  get notes(): readonly Problem[] { return this.file.layout.notes; }

  async rows(offset: number, count: number, signal?: AbortSignal): Promise<TableRows> {
    const found: TableRows = { rows: [], problems: [] };
    const onProblem = (problem: Problem): void => {
      found.problems.push(problem);
      this.tally.add(problem);
    };
    for await (const rows of this.file.batches(offset, offset + count, onProblem, this.whileOpen(signal))) found.rows.push(...rows);
    return found;
  }

  rowCount(): Figure {
    return { value: this.file.rowCount, isExact: true };
  }

  problems(): TableProblems {
    return this.tally.problems(this.isComplete);
  }

  async statistics(signal?: AbortSignal, onProgress?: (progress: TableProgress) => void): Promise<TableStatistics> {
    const tally = new ProblemTally();
    const gatherer = new StatisticsGatherer(this.name);
    const report = new ProgressReport(this.bytes, onProgress);
    const { rowCount } = this.file;
    let rowsDone = 0;
    for await (const rows of this.file.batches(0, rowCount, problem => tally.add(problem), this.whileOpen(signal))) {
      for (const { cells } of rows) gatherer.add(cells);
      rowsDone = (rows[rows.length - 1]?.origin.row ?? rowsDone) + 1;
      report.tell(this.bytes * (rowsDone / rowCount), rowsDone);
    }
    report.finish(rowCount);
    this.tally = tally;
    this.isComplete = true;
    return gatherer.finish(tally);
  }

  async close(): Promise<void> {
    this.closing.abort(new DOMException('The table was closed.', 'AbortError'));
    await this.file.close();
  }

  private whileOpen(signal?: AbortSignal): AbortSignal {
    return signal ? AbortSignal.any([signal, this.closing.signal]) : this.closing.signal;
  }
}
