/** Rows of CSV and TSV: cut at line ends outside quotes, read by csv-parse. */
import { CsvError, parse } from 'csv-parse/sync';
import { problemError } from '../../shared/problem';
import { isMessageList } from '../messages';
import type { OnProblem } from './datasetLoader';
import type { Cells } from './rowFormat';
import { isBlank, RowBytes } from './rowCutter';
import type { CutFault, CutRow, RowCutter, RowPlace } from './rowCutter';
import { decodeRow } from './rowText';
import type { RowName } from './rowText';

const [QUOTE, NEWLINE] = Buffer.from('"\n') as unknown as [number, number];

/** A quote opens a field only at its beginning; inside, two stand for one. Blank lines are passed over. */
export class CsvCutter implements RowCutter {
  private readonly delimiter: number;
  private readonly row = new RowBytes();
  private state: 'field start' | 'plain' | 'quoted' | 'quote' = 'field start';
  private line: number;
  private offset: number;
  /** Line breaks inside the present record. */
  private inner = 0;
  private quoteLine = 0;
  fault: CutFault | undefined;

  constructor(delimiter: string, start: RowPlace) {
    this.delimiter = delimiter.charCodeAt(0);
    ({ line: this.line, offset: this.offset } = start);
  }

  push(chunk: Buffer): CutRow[] {
    const rows: CutRow[] = [];
    const { delimiter } = this;
    let { state } = this;
    let from = 0;
    for (let at = 0; at < chunk.length; at++) {
      if (state === 'quoted') {
        const quote = chunk.indexOf(QUOTE, at);
        const end = quote < 0 ? chunk.length : quote;
        for (let newline = chunk.indexOf(NEWLINE, at); newline >= 0 && newline < end; newline = chunk.indexOf(NEWLINE, newline + 1)) this.inner++;
        at = end;
        if (quote >= 0) state = 'quote';
        continue;
      }
      const byte = chunk[at]!;
      if (byte === NEWLINE) {
        this.row.add(chunk.subarray(from, at));
        this.take(rows);
        from = at + 1;
        state = 'field start';
      } else if (byte === delimiter) state = 'field start';
      else if (byte === QUOTE && state !== 'plain') {
        if (state === 'field start') this.quoteLine = this.line + this.inner;
        state = 'quoted';
      } else state = 'plain';
    }
    this.row.add(chunk.subarray(from));
    this.state = state;
    return rows;
  }

  /** The last record needs no newline. */
  end(): CutRow[] {
    const rows: CutRow[] = [];
    if (this.state === 'quoted') this.fault = { text: `The quoted text that begins at line ${this.quoteLine} is never closed`, line: this.quoteLine, column: 1, losesRow: true };
    else this.take(rows);
    return rows;
  }

  private take(rows: CutRow[]): void {
    const { bytes, length } = this.row.take();
    if (length > bytes.length || !isBlank(bytes)) rows.push({ bytes, length, offset: this.offset, line: this.line, column: 1 });
    this.offset += length + 1;
    this.line += this.inner + 1;
    this.inner = 0;
  }
}

/** One record's fields; quotes inside a field that does not begin with one are themselves. Throws CsvError where quotes are misplaced. */
export function readFields(text: string, delimiter: string): string[] {
  const line = text.endsWith('\r') ? text.slice(0, -1) : text;
  if (!line.includes('"')) return line.split(delimiter);
  const options = { delimiter, record_delimiter: '\n' };
  try {
    return (parse(line, options) as string[][])[0] ?? [];
  } catch (error) {
    if (!(error instanceof CsvError) || error.code !== 'INVALID_OPENING_QUOTE') throw error;
    return (parse(line, { ...options, relax_quotes: true }) as string[][])[0] ?? [];
  }
}

/** Problems: dataset/ragged-row, dataset/broken-csv, and those of decodeRow. */
export function csvReader(delimiter: string, header: readonly string[]): (cut: CutRow, name: RowName, warn: OnProblem) => Cells {
  return (cut, name) => {
    const fields = fieldsOrProblem(cut, name, delimiter);
    if (fields.length !== header.length) {
      throw problemError('dataset/ragged-row', `The row has ${fields.length} fields, the header ${header.length}.`,
        { where: { ...name, line: cut.line }, fix: { text: 'Put texts that hold the delimiter or line breaks between double quotes.' } });
    }
    const cells: Cells = {};
    for (let at = 0; at < header.length; at++) cells[header[at]!] = cellOf(fields[at]!);
    return cells;
  };
}

function fieldsOrProblem(cut: CutRow, name: RowName, delimiter: string): string[] {
  const text = decodeRow(cut, name);
  try {
    return readFields(text, delimiter);
  } catch (cause) {
    if (!(cause instanceof CsvError)) throw cause;
    throw problemError('dataset/broken-csv', `The row's quotes are misplaced: ${cause.message}.`,
      { where: { ...name, line: cut.line }, fix: { text: 'Write a quote inside a quoted text twice ("").' } }, cause);
  }
}

/** Tools that write conversations into CSV write them as JSON. */
function cellOf(field: string): unknown {
  if (!field.startsWith('[{')) return field;
  try {
    const value: unknown = JSON.parse(field);
    return isMessageList(value) ? value : field;
  } catch {
    return field;
  }
}
