/** Cuts a stream of bytes into the bytes of its rows without reading them, so that a row's place is known and any row can be a beginning. */

/** Of a row's first byte: `offset` in the decoded text, `line` from 1, `column` from 1 in bytes of the line. */
export interface RowPlace {
  offset: number;
  line: number;
  column: number;
}

export const FILE_START: RowPlace = { offset: 0, line: 1, column: 1 };

/** Longest row that is read, in bytes: V8 holds no text of more than 512 Mi characters. */
export const MAX_ROW_BYTES = 256 * 2 ** 20;

/** One row's bytes, with where they begin. */
export interface CutRow extends RowPlace {
  /** None where the row is longer than MAX_ROW_BYTES. */
  bytes: Buffer;
  /** Bytes of the row in the text. */
  length: number;
}

/** Made for a place: the beginning of the text, or the beginning of any row. Chunks follow from there. */
export interface RowCutter {
  push(chunk: Buffer): CutRow[];
  /** After the last chunk: rows that needed no end of their own. */
  end(): CutRow[];
  /** Set once the text around the rows is no list of rows, or stops too early; no row after it can be found. */
  readonly fault?: CutFault | undefined;
}

export interface CutFault {
  /** A sentence without its full stop. */
  text: string;
  line: number;
  column: number;
  /** The row that the text breaks off in, which is lost. */
  losesRow: boolean;
}

const NEWLINE = 0x0a;

export const isSpace = (byte: number): boolean => byte === 0x20 || byte === NEWLINE || byte === 0x0d || byte === 0x09;

export function isBlank(bytes: Uint8Array): boolean {
  for (let at = 0; at < bytes.length; at++) if (!isSpace(bytes[at]!)) return false;
  return true;
}

/** The bytes of one row, gathered over chunks. Bytes of a single chunk are not copied, and no more than MAX_ROW_BYTES are kept. */
export class RowBytes {
  private parts: Buffer[] = [];
  private length = 0;

  /** `length` is more than the part's where bytes were not kept before. */
  add(part: Buffer, length = part.length): void {
    this.length += length;
    if (this.length > MAX_ROW_BYTES) this.parts = [];
    else if (part.length > 0) this.parts.push(part);
  }

  take(): { bytes: Buffer; length: number } {
    const taken = { bytes: this.parts.length === 1 ? this.parts[0]! : Buffer.concat(this.parts), length: this.length };
    this.parts = [];
    this.length = 0;
    return taken;
  }
}

/** Lines and columns of a stream, counted only as far as somebody asks. */
export class Place {
  private line: number;
  private column: number;
  /** Offset of the present chunk in the text. */
  private chunkOffset: number;
  /** Bytes of the present chunk that are counted. */
  private counted = 0;

  constructor(start: RowPlace = FILE_START) {
    ({ line: this.line, column: this.column, offset: this.chunkOffset } = start);
  }

  /** Of the byte at `offset` of the present chunk; offsets grow. */
  at(chunk: Buffer, offset: number): RowPlace {
    let from = this.counted;
    for (let newline = chunk.indexOf(NEWLINE, from); newline >= 0 && newline < offset; newline = chunk.indexOf(NEWLINE, from)) {
      this.line++;
      this.column = 1;
      from = newline + 1;
    }
    this.column += offset - from;
    this.counted = offset;
    return this.now();
  }

  endChunk(chunk: Buffer): void {
    this.at(chunk, chunk.length);
    this.chunkOffset += chunk.length;
    this.counted = 0;
  }

  now(): RowPlace {
    return { offset: this.chunkOffset + this.counted, line: this.line, column: this.column };
  }
}
