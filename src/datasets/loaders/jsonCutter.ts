/** Rows of JSON: a list, or one a line. V8's JSON.parse reads the cut rows ten times faster than a parser in JavaScript. */
import { isBlank, isSpace, Place, RowBytes } from './rowCutter';
import type { CutFault, CutRow, RowCutter, RowPlace } from './rowCutter';

const [QUOTE, BACKSLASH, NEWLINE, COMMA, OPEN, CLOSE, OPEN_BRACE, CLOSE_BRACE] = Buffer.from('"\\\n,[]{}') as unknown as number[];

/** What is wrong with a byte between the rows. */
const FAULTS = {
  'start': 'A list of rows must begin with "["', 'value': 'A row is missing after ","', 'value or end': 'A row is missing before ","',
  'after value': '"," or "]" is missing between rows', 'done': 'Text follows the end of the list', 'bare': 'Text between the rows is no row',
} as const;

/** `isFirst`: the list's bracket comes first, not a row. `isInside` an object, which goes on after the list. */
export interface ListOptions {
  isFirst: boolean;
  isInside?: boolean;
}

/** Elements of a list, `[{…}, {…}]`, or objects one after another, `{…} {…}`. */
class ValueCutter implements RowCutter {
  private readonly place: Place;
  private readonly row = new RowBytes();
  private begin: RowPlace;
  fault: CutFault | undefined;
  /** Brackets open inside the row. */
  private depth = 0;
  private inString = false;
  /** The chunk before ended with a backslash inside a text. */
  private escaped = false;
  private readonly isBare: boolean;

  constructor(start: RowPlace, private state: keyof typeof FAULTS | 'inside', private readonly isInside: boolean) {
    this.isBare = state === 'bare';
    this.begin = start;
    this.place = new Place(start);
  }

  push(chunk: Buffer): CutRow[] {
    const rows: CutRow[] = [];
    let from = 0;
    let at = 0;
    while (at < chunk.length && !this.fault) {
      if (this.state !== 'inside') {
        if (this.opens(chunk, at)) from = at;
        else at++;
        continue;
      }
      const end = this.valueEnd(chunk, at);
      if (end === undefined) break;
      this.row.add(chunk.subarray(from, end));
      rows.push({ ...this.row.take(), ...this.begin });
      this.state = this.isBare ? 'bare' : 'after value';
      at = end;
    }
    if (this.state === 'inside') this.row.add(chunk.subarray(from));
    this.place.endChunk(chunk);
    return rows;
  }

  /** The list is closed. */
  get isDone(): boolean { return this.state === 'done'; }

  end(): CutRow[] {
    if (this.state === 'inside') this.breakOff(`The file ends in the middle of the row that begins at line ${this.begin.line}`, this.place.now(), true);
    else if (this.state === 'start') this.breakOff('The file is empty', this.place.now());
    else if (this.state !== 'done' && !this.isBare) this.breakOff('The list of rows is not closed with "]"', this.place.now());
    return [];
  }

  /** Whether a row begins at this byte; else it is a bracket, a comma or a blank of the list. */
  private opens(chunk: Buffer, at: number): boolean {
    const byte = chunk[at]!;
    if (isSpace(byte) || (this.state === 'done' && this.isInside)) return false;
    const { state } = this;
    if (state === 'start' && byte === OPEN) this.state = 'value or end';
    else if ((state === 'after value' || state === 'value or end') && byte === CLOSE) this.state = 'done';
    else if (state === 'after value' && byte === COMMA) this.state = 'value';
    else if ((state === 'value' || state === 'value or end' || state === 'bare') && byte !== COMMA && byte !== CLOSE) {
      this.begin = this.place.at(chunk, at);
      this.depth = 0;
      this.inString = false;
      this.state = 'inside';
      return true;
    } else this.breakOff(FAULTS[state as keyof typeof FAULTS], this.place.at(chunk, at));
    return false;
  }

  /** Past the last byte of the row, or undefined where it goes on in the next chunk. */
  private valueEnd(chunk: Buffer, start: number): number | undefined {
    let at = start;
    while (at < chunk.length) {
      if (this.inString) {
        at = this.textEnd(chunk, at);
        if (!this.inString && this.depth === 0) return at;
        continue;
      }
      const byte = chunk[at]!;
      if (byte === QUOTE) this.inString = true;
      else if (byte === OPEN || byte === OPEN_BRACE) this.depth++;
      else if (byte === CLOSE || byte === CLOSE_BRACE) {
        // A number ends before a byte of the list; an object or list with its own bracket.
        if (this.depth === 0) return at;
        if (--this.depth === 0) return at + 1;
      } else if (this.depth === 0 && (byte === COMMA || isSpace(byte))) return at;
      at++;
    }
    return undefined;
  }

  /** Past the quote that ends the text, found natively: most bytes of a dataset are text. */
  private textEnd(chunk: Buffer, start: number): number {
    const from = this.escaped ? start + 1 : start;
    this.escaped = false;
    const quote = chunk.indexOf(QUOTE!, from);
    const end = quote < 0 ? chunk.length : quote;
    let slashes = 0;
    while (end - 1 - slashes >= from && chunk[end - 1 - slashes] === BACKSLASH) slashes++;
    const isEscaped = slashes % 2 === 1;
    if (quote < 0) {
      this.escaped = isEscaped;
      return chunk.length;
    }
    this.inString = isEscaped;
    return quote + 1;
  }

  private breakOff(text: string, { line, column }: RowPlace, losesRow = false): void {
    this.fault ??= { text, line, column, losesRow };
  }
}

/** Elements of a list: `[{…}, {…}]`. */
export class ListCutter extends ValueCutter {
  constructor(start: RowPlace, { isFirst, isInside = false }: ListOptions) {
    super(start, isFirst ? 'start' : 'value', isInside);
  }
}

/** Objects one after another, each over any number of lines: `{…} {…}`. */
export class ObjectCutter extends ValueCutter {
  constructor(start: RowPlace) {
    super(start, 'bare', false);
  }
}

/** One row a line; blank lines are passed over. */
export class LineCutter implements RowCutter {
  private readonly row = new RowBytes();
  private line: number;
  /** Of the present line's first byte. */
  private offset: number;

  constructor(start: RowPlace) {
    ({ line: this.line, offset: this.offset } = start);
  }

  push(chunk: Buffer): CutRow[] {
    const rows: CutRow[] = [];
    let from = 0;
    for (let at = chunk.indexOf(NEWLINE!); at >= 0; at = chunk.indexOf(NEWLINE!, from)) {
      this.row.add(chunk.subarray(from, at));
      this.take(rows);
      from = at + 1;
    }
    this.row.add(chunk.subarray(from));
    return rows;
  }

  /** The last line needs no newline. */
  end(): CutRow[] {
    const rows: CutRow[] = [];
    this.take(rows);
    return rows;
  }

  private take(rows: CutRow[]): void {
    const { bytes, length } = this.row.take();
    if (length > bytes.length || !isBlank(bytes)) rows.push({ bytes, length, offset: this.offset, line: this.line, column: 1 });
    this.offset += length + 1;
    this.line++;
  }
}
