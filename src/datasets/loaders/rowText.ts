/** A cut row as text, and places in it as places in the file. */
import { problemError } from '../../shared/problem';
import { MAX_ROW_BYTES } from './rowCutter';
import type { CutRow } from './rowCutter';

/** How Problems name a row: the file, and its number in it from 0. */
export interface RowName {
  file: string;
  row: number;
}

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Problems: dataset/row-too-large, dataset/not-utf8 with the line and column of the first byte that is none. */
export function decodeRow(cut: CutRow, name: RowName): string {
  if (cut.length > cut.bytes.length) {
    throw problemError('dataset/row-too-large', `The row has ${(cut.length / 2 ** 20).toFixed(0)} MB, more than ${MAX_ROW_BYTES / 2 ** 20} MB.`,
      { where: { ...name, line: cut.line }, fix: { text: 'Cut the row into several, or remove it.' } });
  }
  try {
    return strict.decode(cut.bytes);
  } catch (cause) {
    const offset = firstBadByte(cut.bytes);
    const before = cut.bytes.toString('utf8', 0, offset);
    throw problemError('dataset/not-utf8', `The row is not UTF-8 text: byte 0x${cut.bytes[offset]!.toString(16)} belongs to no character.`,
      { where: { ...name, ...placeOf(before, before.length, cut) }, fix: { text: 'Save the file as UTF-8, or remove the row.' } }, cause);
  }
}

/** The decoder says only that there is one: its replacement, written back, differs there. */
function firstBadByte(bytes: Buffer): number {
  const replaced = Buffer.from(bytes.toString('utf8'));
  return bytes.findIndex((byte, at) => byte !== replaced[at]);
}

/** An offset in the row as line and column of the file, columns in UTF-16 units as editors count. */
export function placeOf(text: string, offset: number, begin: { line: number; column: number }): { line: number; column: number } {
  const before = text.slice(0, offset);
  const lines = before.split('\n');
  const last = lines[lines.length - 1]!.length;
  return lines.length === 1 ? { line: begin.line, column: begin.column + last } : { line: begin.line + lines.length - 1, column: last + 1 };
}
