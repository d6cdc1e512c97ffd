/** The refusal of one cell. */
import { problemError } from '../shared/problem';
import type { Origin } from './rows';

export function refuse(id: string, text: string, origin: Origin, column: string, fix: string): Error {
  return problemError(id, text, { where: { ...origin, column }, fix: { text: fix } });
}
