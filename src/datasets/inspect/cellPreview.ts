/** A cell as it is sent to a view: its kind, and text that is not too long. */
import { CELL_CHARACTERS } from '../../shared/datasetPreview';
import type { CellPreview } from '../../shared/datasetPreview';
import { kindOf } from '../table/cellKind';

export function cellPreview(cell: unknown): CellPreview {
  const text = typeof cell === 'string' ? cell : JSON.stringify(cell ?? null, (_, value: unknown) => (typeof value === 'bigint' ? value.toString() : value));
  return { kind: kindOf(cell), ...cutText(text) };
}

/** At most CELL_CHARACTERS, never half of a surrogate pair; `length` is the whole text's. */
export function cutText(text: string): { text: string; length: number } {
  if (text.length <= CELL_CHARACTERS) return { text, length: text.length };
  const last = text.charCodeAt(CELL_CHARACTERS - 1);
  const isHalf = last >= 0xd800 && last < 0xdc00;
  return { text: text.slice(0, isHalf ? CELL_CHARACTERS - 1 : CELL_CHARACTERS), length: text.length };
}
