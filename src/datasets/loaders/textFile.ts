/** A file of rows as text: its bytes from any place, and its rows from any row. */
import { createReadStream } from 'node:fs';
import { ProblemError } from '../../shared/problem';
import type { Problem } from '../../shared/problem';
import type { RawRow } from '../rows';
import type { OnProblem } from './datasetLoader';
import type { FileFormat, FileLayout } from './fileLayout';
import { FILE_START } from './rowCutter';
import type { CutFault, CutRow, RowPlace } from './rowCutter';
import { jsonArray, jsonLines } from './rowFormat';
import type { RowFormat } from './rowFormat';

const CHUNK_BYTES = 256 * 1024;
const FORMATS: Readonly<Record<FileFormat, RowFormat>> = { json: jsonArray, jsonl: jsonLines };

/** A row's number in the file, from 0, with its place. */
export interface RowStart {
  row: number;
  place: RowPlace;
}

export const FIRST_ROW: RowStart = { row: 0, place: FILE_START };

export class TextFile {
  readonly format: RowFormat;

  constructor(readonly name: string, readonly layout: FileLayout) {
    this.format = FORMATS[layout.format];
  }

  /** UTF-8 text from a byte of the text on, without a byte order mark. */
  async *chunks(from = 0, signal?: AbortSignal): AsyncGenerator<Buffer> {
    const stream = createReadStream(this.name, { start: this.layout.begin + from, highWaterMark: CHUNK_BYTES });
    try {
      for await (const chunk of stream as AsyncIterable<Buffer>) {
        signal?.throwIfAborted();
        yield chunk;
      }
    } finally {
      stream.destroy();
    }
  }

  /** The rows' bytes in batches, one a chunk. Where the text breaks off, `onProblem` hears it last, with the number of the row that is lost. */
  async *cuts(start: RowStart, onProblem: OnProblem, signal?: AbortSignal): AsyncGenerator<CutRow[]> {
    const cutter = this.format.cutter(start.row === 0 ? undefined : start.place);
    let { row } = start;
    for await (const chunk of this.chunks(start.place.offset, signal)) {
      const cuts = cutter.push(chunk);
      row += cuts.length;
      yield cuts;
      if (cutter.fault) break;
    }
    if (!cutter.fault) {
      const cuts = cutter.end();
      row += cuts.length;
      yield cuts;
    }
    if (cutter.fault) onProblem(this.brokenOff(cutter.fault, row));
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
    try {
      return { cells: this.format.read(cut, { file: this.name, row }, onProblem), origin: { file: this.name, line: cut.line, row } };
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error;
      error.problems.forEach(onProblem);
      return undefined;
    }
  }

  private brokenOff({ text, line, column, losesRow }: CutFault, row: number): Problem {
    const where = { file: this.name, line, column, ...(losesRow ? { row } : {}) };
    return { id: 'dataset/broken-file', severity: 'error', text: `${text}.`, where, fix: { text: 'Repair or replace the file.' } };
  }
}
