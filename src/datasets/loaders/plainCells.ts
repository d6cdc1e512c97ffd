/** Values of typed columns as JSON has them. */
import { isUtf8 } from 'node:buffer';
import { problemError } from '../../shared/problem';
import type { Cells } from './rowFormat';
import type { RowName } from './rowText';

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** A text column's value that is no text. Thrown where the value is used. */
class NotText extends Error {}

/** For columns that say they are text. */
export function textOf(bytes: Uint8Array): string | NotText {
  try {
    return strict.decode(bytes);
  } catch {
    return new NotText();
  }
}

/** Integers past 2^53 become texts, which keep their digits; dates ISO texts; bytes that are no text a note of their size. Problems: dataset/not-utf8. */
export function plainCells(cells: Cells, name: RowName): Cells {
  for (const column in cells) {
    try {
      cells[column] = plain(cells[column]);
    } catch (cause) {
      if (!(cause instanceof NotText)) throw cause;
      throw problemError('dataset/not-utf8', 'A text is not UTF-8.', { where: { ...name, column }, fix: { text: 'Write the file again with texts in UTF-8, or remove the row.' } });
    }
  }
  return cells;
}

function plain(value: unknown): unknown {
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : value.toString();
  if (typeof value !== 'object' || value === null) return value ?? null;
  if (value instanceof NotText) throw value;
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString();
  if (value instanceof Uint8Array) return isUtf8(value) ? strict.decode(value) : `[${value.length} bytes]`;
  if (ArrayBuffer.isView(value)) return Array.from(value as unknown as ArrayLike<unknown>, plain);
  if (Array.isArray(value)) return value.map(plain);
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plain(inner)]));
}
