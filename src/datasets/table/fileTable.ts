/** What tables over files of every format share: pages of rows, Problems, statistics, the end. */
import type { Figure } from '../../shared/datasetPreview';
import type { Problem } from '../../shared/problem';
import type { OnProblem } from '../loaders/datasetLoader';
import { layoutName } from '../loaders/fileLayout';
import type { FileLayout } from '../loaders/fileLayout';
import type { RawRow } from '../rows';
import { ProblemTally } from './problemTally';
import { ProgressReport, StatisticsGatherer } from './statistics';
import type { Table, TableColumn, TableProblems, TableProgress, TableRows, TableStatistics } from './table';
import { COLUMN_ROWS, tableColumns } from './tableColumns';

export interface RowBatch {
  rows: RawRow[];
  /** Of all rows and bytes of the table, how many are behind. */
  rowsDone: number;
  bytesDone: number;
}

export abstract class FileTable implements Table {
  columns: readonly TableColumn[] = [];
  abstract readonly indexed: Promise<void>;
  protected tally = new ProblemTally();
  protected readonly closing = new AbortController();
  private isComplete = false;

  protected constructor(readonly name: string, private readonly layout: FileLayout) {}

  get format(): string { return layoutName(this.layout); }
  get bytes(): number { return this.layout.bytes; }
  get notes(): readonly Problem[] { return this.layout.notes; }

  abstract rowCount(): Figure;

  async rows(offset: number, count: number, signal?: AbortSignal): Promise<TableRows> {
    const found: TableRows = { rows: [], problems: [] };
    const onProblem = (problem: Problem): void => {
      found.problems.push(problem);
      this.tally.add(problem);
    };
    for await (const { rows } of this.batches(offset, offset + count, onProblem, this.whileOpen(signal))) found.rows.push(...rows);
    return found;
  }

  problems(): TableProblems {
    return this.tally.problems(this.isComplete);
  }

  async statistics(signal?: AbortSignal, onProgress?: (progress: TableProgress) => void): Promise<TableStatistics> {
    const tally = new ProblemTally();
    const gatherer = new StatisticsGatherer(this.name);
    const report = new ProgressReport(this.bytesToRead, onProgress);
    let done = 0;
    for await (const { rows, rowsDone, bytesDone } of this.batches(0, Infinity, problem => tally.add(problem), this.whileOpen(signal))) {
      for (const { cells } of rows) gatherer.add(cells);
      report.tell(bytesDone, rowsDone);
      done = rowsDone;
    }
    report.finish(done);
    this.tally = tally;
    this.isComplete = true;
    return gatherer.finish(tally);
  }

  async close(): Promise<void> {
    this.closing.abort(new DOMException('The table was closed.', 'AbortError'));
  }

  /** Rows from `start` up to `end`, which may be beyond the last; those that cannot be read go to `onProblem`. */
  protected abstract batches(start: number, end: number, onProblem: OnProblem, signal: AbortSignal): AsyncGenerator<RowBatch>;

  /** Of all rows, as RowBatch counts them. */
  protected get bytesToRead(): number { return this.bytes; }

  /** For `open`: `names` are there even if no row has them. */
  protected async findColumns(names?: readonly string[]): Promise<void> {
    this.columns = tableColumns((await this.rows(0, COLUMN_ROWS)).rows, names);
  }

  private whileOpen(signal?: AbortSignal): AbortSignal {
    return signal ? AbortSignal.any([signal, this.closing.signal]) : this.closing.signal;
  }
}
