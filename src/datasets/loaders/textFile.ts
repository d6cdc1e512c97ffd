/** A file of rows as text: its text from any place, and its rows from any row. */
import { ProblemError } from '../../shared/problem';
import type { RawRow } from '../rows';
import { columnsToObjects } from './columnsToObjects';
import type { OnProblem } from './datasetLoader';
import { BrokenCompression, decodeText, isStoredAsIs, skipBytes, STORED_AS_IS } from './decodeText';
import type { TextLayout } from './fileLayout';
import type { CutFault, CutRow, RowPlace } from './rowCutter';
import { rowFormat } from './rowFormat';
import type { RowFormat } from './rowFormat';

/** A row's number in the file, from 0, with its place. */
export interface RowStart {
  row: number;
  place: RowPlace;
}

export interface UnpackedText {
  path: string;
  /** Why the text stops where it does: a BrokenCompression or a ProblemError. */
  broken?: Error;
}

export class TextFile {
  readonly format: RowFormat;
  /** The beginning of the first row, or of what leads to it. */
  readonly first: RowStart;

  /** `name` is the file. `unpacked` is a copy of its `chunks`, if there is one. */
  constructor(readonly name: string, readonly layout: TextLayout, private readonly unpacked?: UnpackedText) {
    this.format = rowFormat(layout.rows);
    this.first = { row: 0, place: this.format.start };
  }

  /** Whether its text can be read from any byte on without reading what is before. */
  get isSeekable(): boolean {
    return this.unpacked !== undefined || (isStoredAsIs(this.layout.storage) && this.hasLines);
  }

  /** The text that rows are cut from, from one of its bytes on. */
  chunks(from: number, onProblem: OnProblem, signal?: AbortSignal): AsyncGenerator<Buffer> {
    const text = (start: number): AsyncGenerator<Buffer> => decodeText(this.name, this.layout.storage, start, signal);
    if (this.unpacked) return readUnpacked(this.unpacked, from, signal);
    return this.hasLines ? text(from) : skipBytes(columnsToObjects(text, this.name, onProblem), from);
  }

  /** The rows' bytes in batches, one a chunk. Where the text breaks off, `onProblem` hears it last, with the number of the row that is lost. */
  async *cuts(start: RowStart, onProblem: OnProblem, signal?: AbortSignal): AsyncGenerator<CutRow[]> {
    const cutter = this.format.cutter(start.place, start.row === 0);
    let { row } = start;
    let { line } = start.place;
    const counted = (cuts: CutRow[]): CutRow[] => {
      row += cuts.length;
      line = cuts[cuts.length - 1]?.line ?? line;
      return cuts;
    };
    let breaksOff: CutFault | undefined;
    try {
      for await (const chunk of this.chunks(start.place.offset, onProblem, signal)) {
        yield counted(cutter.push(chunk));
        if (cutter.fault) break;
      }
      if (!cutter.fault) yield counted(cutter.end());
      breaksOff = cutter.fault;
    } catch (error) {
      if (error instanceof BrokenCompression) {
        const [lost] = cutter.end();
        breaksOff = { text: error.message, line: lost?.line ?? cutter.fault?.line ?? line, column: 1, losesRow: lost !== undefined || cutter.fault?.losesRow === true };
      } else if (error instanceof ProblemError) error.problems.forEach(onProblem);
      else throw error;
    }
    if (breaksOff) this.tellEnd(breaksOff, row, onProblem);
  }

  async *rows(start: RowStart, onProblem: OnProblem, signal?: AbortSignal): AsyncGenerator<RawRow> {
    let { row } = start;
    for await (const cuts of this.cuts(start, onProblem, signal)) {
      for (const cut of cuts) {
        const read = this.read(cut, row++, onProblem);
        if (read) yield read;
      }
    }
  }

  /** Undefined where it cannot be read, which `onProblem` hears. */
  read(cut: CutRow, row: number, onProblem: OnProblem): RawRow | undefined {
    const placed: OnProblem = this.hasLines ? onProblem : ({ where: { line: _line, column, ...where } = {}, ...problem }) =>
      onProblem({ ...problem, where: { ...where, ...(typeof column === 'string' ? { column } : {}) } });
    try {
      const cells = this.format.read(cut, { file: this.name, row }, placed);
      return { cells, origin: { file: this.name, ...(this.hasLines ? { line: cut.line } : {}), row } };
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error;
      error.problems.forEach(placed);
      return undefined;
    }
  }

  /** The cells of a row that is spread over columns stand on different lines. */
  private get hasLines(): boolean {
    return this.layout.rows.layout !== 'columns';
  }

  private tellEnd({ text, line, column, losesRow }: CutFault, row: number, onProblem: OnProblem): void {
    const where = { file: this.name, line, column, ...(losesRow ? { row } : {}) };
    onProblem({ id: 'dataset/broken-file', severity: 'error', text: `${text}.`, where, fix: { text: 'Repair or replace the file.' } });
  }
}

async function* readUnpacked({ path, broken }: UnpackedText, from: number, signal?: AbortSignal): AsyncGenerator<Buffer> {
  yield* decodeText(path, STORED_AS_IS, from, signal);
  if (broken) throw broken;
}
