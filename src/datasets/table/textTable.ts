/** A table over a file of text: rows by an index of where they begin, built behind the first answers. */
import type { Figure } from '../../shared/datasetPreview';
import type { Problem } from '../../shared/problem';
import type { OnProblem } from '../loaders/datasetLoader';
import type { TextFile } from '../loaders/textFile';
import type { RawRow } from '../rows';
import { FileTable } from './fileTable';
import type { RowBatch } from './fileTable';
import { RowIndex } from './rowIndex';
import { unpackedCopy } from './unpackedCopy';
import type { UnpackedCopy } from './unpackedCopy';

export class TextTable extends FileTable {
  private readonly index: RowIndex;
  private copy: UnpackedCopy | undefined;
  readonly indexed: Promise<void>;

  /** Looks at the first rows, and begins to index. */
  static async open(file: TextFile): Promise<TextTable> {
    const table = new TextTable(file);
    await table.findColumns();
    return table;
  }

  private constructor(private file: TextFile) {
    super(file.name, file.layout);
    this.index = new RowIndex(file.first);
    this.indexed = this.buildIndex().catch((error: Error) => {
      if (this.closing.signal.aborted) return;
      this.tally.add({ id: 'dataset/unreadable-file', severity: 'error', text: `The file cannot be read to its end: ${error.message}.`, where: { file: file.name }, fix: { text: 'Open it again when it can be read.' } });
    });
  }

  rowCount(): Figure {
    const { total } = this.index;
    return total === undefined ? { value: this.index.estimate(this.bytesToRead), isExact: false } : { value: total, isExact: true };
  }

  override async close(): Promise<void> {
    await super.close();
    await this.indexed;
    await this.copy?.remove();
  }

  protected async *batches(start: number, end: number, onProblem: OnProblem, signal: AbortSignal): AsyncGenerator<RowBatch> {
    const from = this.index.before(start);
    let { row } = from;
    let bytesDone = from.place.offset;
    for await (const cuts of this.file.cuts(from, onProblem, signal)) {
      const rows: RawRow[] = [];
      for (const cut of cuts) {
        if (row >= end) break;
        const read = row >= start ? this.file.read(cut, row, onProblem) : undefined;
        if (read) rows.push(read);
        bytesDone = cut.offset + cut.length;
        this.index.saw(row++, bytesDone);
      }
      yield { rows, rowsDone: row, bytesDone };
      if (row >= end) return;
    }
  }

  /** Of the text that rows are cut from; roughly, until a packed one is unpacked. */
  protected override get bytesToRead(): number {
    const { compression, encoding } = this.file.layout.storage;
    return this.copy?.bytes ?? this.bytes * (compression === null ? 1 : 3) * (encoding === 'utf-8' ? 1 : 0.5);
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
}
