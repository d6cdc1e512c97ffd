/** What kind of value a cell holds. */
import type { CellKind } from '../../shared/datasetPreview';
import { isMessageList } from '../messages';

export function kindOf(cell: unknown): CellKind {
  if (typeof cell === 'string') return 'text';
  if (typeof cell === 'number' || typeof cell === 'bigint') return 'number';
  if (typeof cell === 'boolean') return 'boolean';
  if (cell === null || cell === undefined) return 'null';
  if (!Array.isArray(cell)) return 'object';
  return isMessageList(cell) ? 'messages' : 'list';
}
