/** The blocks of queries that attention goes through, one after the other; drawn in ops/blockAttention.ts. */

/** Columns of the table of blocks: queries start … end − 1, keys parentStart … parentEnd − 1 and ownStart … end − 1. */
export const BLOCK_COLUMNS = 5;

/** Most queries a block has. Fewer waste less on what is hidden, more multiply faster. */
export const QUERIES_A_BLOCK = 256;

/** int64 [N,5] for segments of these lengths: each is cut into the fewest equal parts of at most `most` tokens. */
export function blockTable(lengths: readonly number[], parents: readonly (number | null)[], most = QUERIES_A_BLOCK): BigInt64Array {
  let end = 0;
  const starts = lengths.map(length => (end += length) - length);
  return BigInt64Array.from(lengths.flatMap((length, s) => {
    const parent = parents[s];
    const [parentStart, parentEnd] = parent === null ? [starts[s], starts[s]] : [starts[parent], starts[parent] + lengths[parent]];
    const parts = Math.ceil(length / most);
    return Array.from({ length: parts }, (_, i) => [
      starts[s] + Math.floor((i * length) / parts), starts[s] + Math.floor(((i + 1) * length) / parts), parentStart, parentEnd, starts[s],
    ]).flat();
  }), BigInt);
}
