/** What is said in a cell, whatever its shape. */
import { isMessage } from './messages';

/** The texts of a cell: itself, or those anywhere inside it. Keys are none, nor is who speaks in a message. */
export function textsIn(cell: unknown, texts: string[] = []): string[] {
  if (typeof cell === 'string') texts.push(cell);
  else if (cell && typeof cell === 'object') {
    const isSpoken = isMessage(cell);
    for (const key in cell) if (!(isSpoken && (key === 'role' || key === 'from'))) textsIn((cell as Record<string, unknown>)[key], texts);
  }
  return texts;
}
