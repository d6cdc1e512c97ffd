/** A table over a file of text: rows by an index of where they begin, built behind the first answers. */
import type { Figure } from '../../shared/datasetPreview';
import type { Problem } from '../../shared/problem';
import { FIRST_ROW } from '../loaders/textFile';
import type { TextFile } from '../loaders/textFile';
import { ProblemTally } from './problemTally';
import { RowIndex } from './rowIndex';
import type { Table, TableColumn, TableProblems, TableProgress, TableRows, TableStatistics } from './table';
import { ProgressReport, StatisticsGatherer } from './statistics';
import { tableColumns } from './tableColumns';

/** Rows that the columns are told from. */
const COLUMN_ROWS = 200;

export class TextTable implements Table {
  private readonly index = new RowIndex();
  private tally = new ProblemTally();
  private isComplete = false;
  private readonly closing = new AbortController();
  columns: readonly TableColumn[] = [];
  readonly indexed: Promise<void>;

  /** Looks at the first rows, and begins to index. */
  static async open(file: TextFile): Promise<TextTable> {
    const table = new TextTable(file);
    table.columns = tableColumns((await table.rows(0, COLUMN_ROWS)).rows);
    return table;
  }

  private constructor(private readonly file: TextFile) {
    // A file that disappears meanwhile is told by the next question.
    this.indexed = this.buildIndex().catch(() => undefined);
  }

  get name(): string { return this.file.name; }
  get format(): string { return this.file.layout.format; }
  get bytes(): number { return this.file.layout.bytes; }
  get notes(): readonly Problem[] { return this.file.layout.notes; }

  async rows(offset: number, count: number, signal?: AbortSignal): Promise<TableRows> {
    const found: TableRows = { rows: [], problems: [] };
    const onProblem = (problem: Problem): void => {
      found.problems.push(problem);
      this.tally.add(problem);
    };
    const start = this.index.before(offset);
    let { row } = start;
    for await (const cuts of this.file.cuts(start, onProblem, this.whileOpen(signal))) {
      for (const cut of cuts) {
        if (row >= offset + count) break;
        const read = row >= offset ? this.file.read(cut, row, onProblem) : undefined;
        if (read) found.rows.push(read);
        row++;
      }
      if (row >= offset + count) break;
    }
    return found;
  }

  rowCount(): Figure {
    const { total } = this.index;
    return total === undefined ? { value: this.index.estimate(this.file.layout.bytes), isExact: false } : { value: total, isExact: true };
  }

  problems(): TableProblems {
    return this.tally.problems(this.isComplete);
  }

  async statistics(signal?: AbortSignal, onProgress?: (progress: TableProgress) => void): Promise<TableStatistics> {
    const tally = new ProblemTally();
    const onProblem = (problem: Problem): void => tally.add(problem);
    const gatherer = new StatisticsGatherer();
    const report = new ProgressReport(this.bytes, onProgress);
    let row = 0;
    for await (const cuts of this.file.cuts(FIRST_ROW, onProblem, this.whileOpen(signal))) {
      for (const cut of cuts) {
        const read = this.file.read(cut, row++, onProblem);
        if (read) gatherer.add(read.cells);
      }
      const last = cuts[cuts.length - 1];
      if (last) report.tell(last.offset + last.length, row);
    }
    report.tell(this.bytes, row);
    this.tally = tally;
    this.isComplete = true;
    return gatherer.finish(tally);
  }

  async close(): Promise<void> {
    this.closing.abort(new DOMException('The table was closed.', 'AbortError'));
    await this.indexed;
  }

  private async buildIndex(): Promise<void> {
    let row = 0;
    let lost = 0;
    const onProblem = (problem: Problem): void => {
      this.tally.add(problem);
      if (problem.where?.row !== undefined) lost++;
    };
    for await (const cuts of this.file.cuts(FIRST_ROW, onProblem, this.closing.signal)) {
      for (const cut of cuts) this.index.add({ row: row++, place: cut }, cut.length);
    }
    this.index.total = row + lost;
  }

  private whileOpen(signal?: AbortSignal): AbortSignal {
    return signal ? AbortSignal.any([signal, this.closing.signal]) : this.closing.signal;
  }
}
