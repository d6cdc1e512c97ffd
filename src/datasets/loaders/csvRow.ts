/** Rows of CSV and TSV (RFC 4180, any delimiter): cut at line ends outside quotes, then split into fields. */
import { problemError } from '../../shared/problem';
import { isMessageList } from '../messages';
import type { OnProblem } from './datasetLoader';
import type { Cells } from './rowFormat';
import { isBlank, RowBytes } from './rowCutter';
import type { CutFault, CutRow, RowCutter, RowPlace } from './rowCutter';
import { decodeRow, placeOf } from './rowText';
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

/** One record's fields, or the offset where a quoted text is neither followed by a delimiter nor the end. A field that does not begin with a quote is
 *  taken as it is. (csv-parse reads streams well, but any row must be a beginning here, and for a single row it takes ten times as long.) */
export function readFields(text: string, delimiter: string): string[] | { misplaced: number } {
  const end = text.endsWith('\r') ? text.length - 1 : text.length;
  const fields: string[] = [];
  for (let at = 0; ; at++) {
    const isQuoted = text[at] === '"';
    const found = isQuoted ? quoteEnd(text, at) : text.indexOf(delimiter, at);
    const to = found < 0 || found > end ? end : found;
    fields.push(isQuoted ? text.slice(at + 1, to - 1).replaceAll('""', '"') : text.slice(at, to));
    if (to === end) return fields;
    if (text[to] !== delimiter) return { misplaced: to };
    at = to;
  }
}

/** Past the quote that closes the text which begins at `start`. */
function quoteEnd(text: string, start: number): number {
  let at = text.indexOf('"', start + 1);
  while (at >= 0 && text[at + 1] === '"') at = text.indexOf('"', at + 2);
  return at < 0 ? -1 : at + 1;
}

/** Problems: dataset/ragged-row, dataset/broken-csv, and those of decodeRow. */
export function csvReader(delimiter: string, header: readonly string[]): (cut: CutRow, name: RowName, warn: OnProblem) => Cells {
  return (cut, name) => {
    const text = decodeRow(cut, name);
    const fields = readFields(text, delimiter);
    if ('misplaced' in fields) {
      throw problemError('dataset/broken-csv', 'Text follows a closing quote.',
        { where: { ...name, ...placeOf(text, fields.misplaced, cut) }, fix: { text: 'Write a quote inside a quoted text twice ("").' } });
    }
    if (fields.length !== header.length) {
      throw problemError('dataset/ragged-row', `The row has ${fields.length} fields, the header ${header.length}.`,
        { where: { ...name, line: cut.line }, fix: { text: 'Put texts that hold the delimiter or line breaks between double quotes.' } });
    }
    const cells: Cells = {};
    for (let at = 0; at < header.length; at++) cells[header[at]!] = cellOf(fields[at]!);
    return cells;
  };
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
