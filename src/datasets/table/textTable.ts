/** A table over a file of text: rows by an index of where they begin, built behind the first answers. */
import type { Figure } from '../../shared/datasetPreview';
import type { Problem } from '../../shared/problem';
import { layoutName } from '../loaders/fileLayout';
import type { TextFile } from '../loaders/textFile';
import { ProblemTally } from './problemTally';
import { RowIndex } from './rowIndex';
import type { Table, TableColumn, TableProblems, TableProgress, TableRows, TableStatistics } from './table';
import { ProgressReport, StatisticsGatherer } from './statistics';
import { unpackedCopy } from './unpackedCopy';
import type { UnpackedCopy } from './unpackedCopy';
import { COLUMN_ROWS, tableColumns } from './tableColumns';

export class TextTable implements Table {
  private readonly index: RowIndex;
  private copy: UnpackedCopy | undefined;
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

  private constructor(private file: TextFile) {
    this.index = new RowIndex(file.first);
    this.indexed = this.buildIndex().catch((error: Error) => {
      if (this.closing.signal.aborted) return;
      this.tally.add({ id: 'dataset/unreadable-file', severity: 'error', text: `The file cannot be read to its end: ${error.message}.`, where: { file: file.name }, fix: { text: 'Open it again when it can be read.' } });
    });
  }

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
    const start = this.index.before(offset);
    let { row } = start;
    for await (const cuts of this.file.cuts(start, onProblem, this.whileOpen(signal))) {
      for (const cut of cuts) {
        if (row >= offset + count) break;
        const read = row >= offset ? this.file.read(cut, row, onProblem) : undefined;
        if (read) found.rows.push(read);
        this.index.saw({ row, place: cut }, cut.length);
        row++;
      }
      if (row >= offset + count) break;
    }
    return found;
  }

  rowCount(): Figure {
    const { total } = this.index;
    return total === undefined ? { value: this.index.estimate(this.textBytes), isExact: false } : { value: total, isExact: true };
  }

  problems(): TableProblems {
    return this.tally.problems(this.isComplete);
  }

  async statistics(signal?: AbortSignal, onProgress?: (progress: TableProgress) => void): Promise<TableStatistics> {
    const tally = new ProblemTally();
    const onProblem = (problem: Problem): void => tally.add(problem);
    const gatherer = new StatisticsGatherer(this.name);
    const report = new ProgressReport(this.textBytes, onProgress);
    let row = 0;
    for await (const cuts of this.file.cuts(this.file.first, onProblem, this.whileOpen(signal))) {
      for (const cut of cuts) {
        const read = this.file.read(cut, row++, onProblem);
        if (read) gatherer.add(read.cells);
      }
      const last = cuts[cuts.length - 1];
      if (last) report.tell(last.offset + last.length, row);
    }
    report.finish(row);
    this.tally = tally;
    this.isComplete = true;
    return gatherer.finish(tally);
  }

  async close(): Promise<void> {
    this.closing.abort(new DOMException('The table was closed.', 'AbortError'));
    await this.indexed;
    await this.copy?.remove();
  }

  /** A text that cannot be read from its middle is first written out as it is, into a folder for temporary files that `close` removes. */
  private async buildIndex(): Promise<void> {
    if (!this.file.isSeekable) {
      this.copy = await unpackedCopy(this.file, problem => this.tally.add(problem), this.closing.signal);
      if (this.copy) this.file = this.copy.file;
    }
    let row = 0;
    let lost = 0;
    const onProblem = (problem: Problem): void => {
      this.tally.add(problem);
      if (problem.where?.row !== undefined) lost++;
    };
    for await (const cuts of this.file.cuts(this.file.first, onProblem, this.closing.signal)) {
      for (const cut of cuts) this.index.add({ row: row++, place: cut }, cut.length);
    }
    this.index.total = row + lost;
  }

  /** Bytes of the text that rows are cut from; roughly, until a packed one is unpacked. */
  private get textBytes(): number {
    const { compression, encoding } = this.file.layout.storage;
    return this.copy?.bytes ?? this.bytes * (compression === null ? 1 : 3) * (encoding === 'utf-8' ? 1 : 0.5);
  }

  private whileOpen(signal?: AbortSignal): AbortSignal {
    return signal ? AbortSignal.any([signal, this.closing.signal]) : this.closing.signal;
  }
}
