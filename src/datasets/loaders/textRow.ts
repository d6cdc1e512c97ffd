/** Rows of plain text, each with one column "text": paragraphs, lines, or pieces of a length. */
import type { Cells } from './rowFormat';
import { isBlank, isSpace, RowBytes } from './rowCutter';
import type { CutRow, RowCutter, RowPlace } from './rowCutter';
import { decodeRow } from './rowText';
import type { RowName } from './rowText';

const NEWLINE = 0x0a;
/** Of UTF-8. */
const MAX_CHARACTER_BYTES = 4;

/** Lines up to a blank one. */
export class ParagraphCutter implements RowCutter {
  private readonly lineBytes = new RowBytes();
  private readonly row = new RowBytes();
  private begin: RowPlace | undefined;
  private line: number;
  private offset: number;

  constructor(start: RowPlace) {
    ({ line: this.line, offset: this.offset } = start);
  }

  push(chunk: Buffer): CutRow[] {
    const rows: CutRow[] = [];
    let from = 0;
    for (let at = chunk.indexOf(NEWLINE); at >= 0; at = chunk.indexOf(NEWLINE, from)) {
      this.lineBytes.add(chunk.subarray(from, at + 1));
      this.takeLine(rows);
      from = at + 1;
    }
    this.lineBytes.add(chunk.subarray(from));
    return rows;
  }

  end(): CutRow[] {
    const rows: CutRow[] = [];
    this.takeLine(rows);
    this.take(rows);
    return rows;
  }

  private takeLine(rows: CutRow[]): void {
    const { bytes, length } = this.lineBytes.take();
    if (length === bytes.length && isBlank(bytes)) this.take(rows);
    else {
      this.begin ??= { offset: this.offset, line: this.line, column: 1 };
      this.row.add(bytes, length);
    }
    this.offset += length;
    this.line++;
  }

  private take(rows: CutRow[]): void {
    if (this.begin) rows.push({ ...this.row.take(), ...this.begin });
    this.begin = undefined;
  }
}

/** Pieces of at most so many characters, cut at the last blank in their second half where there is one. */
export class LengthCutter implements RowCutter {
  private rest: Buffer = Buffer.alloc(0);
  private place: RowPlace;

  constructor(private readonly characters: number, start: RowPlace) {
    this.place = { ...start };
  }

  push(chunk: Buffer): CutRow[] {
    const rows: CutRow[] = [];
    this.rest = this.rest.length === 0 ? chunk : Buffer.concat([this.rest, chunk]);
    for (let end = this.pieceEnd(); end !== undefined; end = this.pieceEnd()) this.take(rows, end);
    return rows;
  }

  end(): CutRow[] {
    const rows: CutRow[] = [];
    if (this.rest.length > 0) this.take(rows, this.rest.length);
    return rows;
  }

  /** Undefined until the rest has more characters than a piece. */
  private pieceEnd(): number | undefined {
    let characters = 0;
    let blank = 0;
    for (let at = 0; at < this.rest.length; at++) {
      const byte = this.rest[at]!;
      // Bytes 10xxxxxx go on with the character before; where more than three do, it is no text, and the row will be told so.
      if ((byte & 0xc0) === 0x80 && at < MAX_CHARACTER_BYTES * this.characters) continue;
      if (characters === this.characters || at >= MAX_CHARACTER_BYTES * this.characters) return isSpace(byte) ? at : blank || at;
      characters++;
      if (isSpace(byte) && characters > this.characters / 2) blank = at + 1;
    }
    return undefined;
  }

  private take(rows: CutRow[], length: number): void {
    const bytes = this.rest.subarray(0, length);
    if (!isBlank(bytes)) rows.push({ bytes, length, ...this.place });
    this.rest = this.rest.subarray(length);
    const newline = bytes.lastIndexOf(NEWLINE);
    for (let at = bytes.indexOf(NEWLINE); at >= 0; at = bytes.indexOf(NEWLINE, at + 1)) this.place.line++;
    this.place.column = newline < 0 ? this.place.column + length : length - newline;
    this.place.offset += length;
  }
}

export function readTextRow(cut: CutRow, name: RowName): Cells {
  return { text: decodeRow(cut, name).replaceAll('\r\n', '\n').trim() };
}
