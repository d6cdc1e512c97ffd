/** Training rows as 32-bit integers, one row after another; the same bytes for the same rows, so their hash says what is trained. */
import type { TrainingRow } from '../../shared/rows';
import type { RowKind } from '../validate';

/**
 * Integers of one row:
 *
 *     sequence   n, ids [n], labels [n]
 *     pair       p, c, r, prompt [p], chosen [c], rejected [r]
 *     unpaired   p, n, label (0 or 1), prompt [p], response [n]
 */
export function encodeRow(row: TrainingRow): Int32Array {
  if ('ids' in row) return Int32Array.of(row.ids.length, ...row.ids, ...row.labels);
  if ('response' in row) return Int32Array.of(row.prompt.length, row.response.length, Number(row.label), ...row.prompt, ...row.response);
  return Int32Array.of(row.prompt.length, row.chosen.length, row.rejected.length, ...row.prompt, ...row.chosen, ...row.rejected);
}

/** Rows of one kind from their integers. Throws RangeError where these end in the middle of a row. */
export function decodeRows(kind: RowKind, integers: Int32Array, count: number): TrainingRow[] {
  let at = 0;
  const take = (length: number): number[] => {
    if (length < 0 || at + length > integers.length) throw new RangeError('the rows end too early');
    return Array.from(integers.subarray(at, at += length));
  };
  const one = (): number => take(1)[0]!;
  return Array.from({ length: count }, (): TrainingRow => {
    if (kind === 'sequence') {
      const length = one();
      return { ids: take(length), labels: take(length) };
    }
    if (kind === 'unpaired') {
      const [prompt, response, label] = [one(), one(), one()];
      return { prompt: take(prompt), response: take(response), label: label === 1 };
    }
    const [prompt, chosen, rejected] = [one(), one(), one()];
    return { prompt: take(prompt), chosen: take(chosen), rejected: take(rejected) };
  });
}
