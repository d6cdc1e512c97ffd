/** Lengths of rows, from which the size of a micro-batch follows. */
import type { TrainingRow } from '../../shared/rows';

/** Tokens of a row: its prompt once, and each response that follows it. A sequence (sft) is all prompt. */
export interface RowLengths {
  readonly prompt: number;
  readonly responses: readonly number[];
}

export function rowLengths(row: TrainingRow): RowLengths {
  if ('ids' in row) return { prompt: row.ids.length, responses: [] };
  if ('response' in row) return { prompt: row.prompt.length, responses: [row.response.length, (row.kl_response ?? row.response).length] };
  return { prompt: row.prompt.length, responses: [row.chosen.length, row.rejected.length] };
}

/** The largest row that `maxLength` lets through: a prompt of one token, and responses that fill the rest. */
export function longestRow(isSequence: boolean, maxLength: number): RowLengths {
  return isSequence ? { prompt: maxLength, responses: [] } : { prompt: 1, responses: [maxLength - 1, maxLength - 1] };
}

export function tokensOf({ prompt, responses }: RowLengths): number {
  return responses.reduce((sum, length) => sum + length, prompt);
}

/** The `count` longest rows: the worst micro-batch that shuffling can put together. Rows repeat where there are fewer. */
export function worstBatch(rows: readonly RowLengths[], count: number): RowLengths[] {
  const sorted = [...rows].sort((a, b) => tokensOf(b) - tokensOf(a));
  return Array.from({ length: count }, (_, i) => sorted[i % sorted.length]!);
}
