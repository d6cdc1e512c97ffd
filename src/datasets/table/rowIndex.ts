/** Where rows begin, one in every so many bytes: enough to reach any row by reading little, small whatever the file's size. */
import type { RowStart } from '../loaders/textFile';

/** Bytes between the rows that are kept: what is read at most before a row that is wanted. */
const FIRST_SPACING = 128 * 1024;
/** More entries double the spacing; 16,384 are a megabyte, and enough for 2 GB at the first spacing. */
const MAX_ENTRIES = 16_384;

export class RowIndex {
  private entries: RowStart[];
  private spacing = FIRST_SPACING;
  /** Set at the end of the file. */
  total: number | undefined;
  private seen = 0;
  private seenBytes = 0;

  constructor(first: RowStart) {
    this.entries = [first];
  }

  /** Every row, in order. */
  add(start: RowStart, length: number): void {
    this.saw(start.row, start.place.offset + length);
    if (start.place.offset - this.entries[this.entries.length - 1]!.place.offset < this.spacing) return;
    this.entries.push({ row: start.row, place: { offset: start.place.offset, line: start.place.line, column: start.place.column } });
    if (this.entries.length > MAX_ENTRIES) {
      this.entries = this.entries.filter((_, i) => i % 2 === 0);
      this.spacing *= 2;
    }
  }

  /** For the estimate: a row, and where it ends. */
  saw(row: number, end: number): void {
    if (row < this.seen) return;
    this.seen = row + 1;
    this.seenBytes = end;
  }

  /** The last known beginning at or before the row. */
  before(row: number): RowStart {
    let [low, high] = [0, this.entries.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.entries[middle]!.row <= row) low = middle;
      else high = middle - 1;
    }
    return this.entries[low]!;
  }

  /** Rows of a text of so many bytes, by the rows seen so far. */
  estimate(bytes: number): number {
    return this.seenBytes === 0 ? 0 : Math.max(this.seen, Math.round((this.seen * bytes) / this.seenBytes));
  }
}
