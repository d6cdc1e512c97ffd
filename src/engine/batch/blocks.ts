/** The blocks of queries that attention goes through, one after the other; drawn in ops/blockAttention.ts. */

/** Columns of the table of blocks: queries start … end − 1; keys parentStart … parentEnd − 1 and ownStart … end − 1; then where the block's mask lies in
 *  a relative mask (ops/blockAttention.ts), whose columns count from its end: first row and column, row and column after the last. */
export const BLOCK_COLUMNS = 9;

/** Most queries a block has. Fewer waste less on what is hidden and stay in the cache, more take fewer turns: 256 took a fifth to a third longer, 32 too. */
export const QUERIES_A_BLOCK = 128;

/** Queries times keys of a block: where it sees more than 1,024 keys it has fewer queries, down to half, so that scores are of one size and what one block
 *  leaves free fits the next. With blocks of 128 throughout, holes in the heap took up to 0.4 GB at 2,048 tokens, and more beyond. */
const SCORES_A_BLOCK = QUERIES_A_BLOCK * 1024;

/** int64 [N,9] for segments of these lengths: each is cut into the fewest equal parts of at most `most` tokens, which is no more than QUERIES_A_BLOCK,
 *  and fewer where SCORES_A_BLOCK says so. */
export function blockTable(lengths: readonly number[], parents: readonly (number | null)[], most = QUERIES_A_BLOCK): BigInt64Array {
  let end = 0;
  const starts = lengths.map(length => (end += length) - length);
  return BigInt64Array.from(lengths.flatMap((length, s) => {
    const parent = parents[s];
    const [parentStart, parentEnd] = parent === null ? [starts[s], starts[s]] : [starts[parent], starts[parent] + lengths[parent]];
    return partsOf(length, parentEnd - parentStart, most).flatMap(([before, after]) => {
      const queries = after - before;
      /** Column of a relative mask where the block's first query stands, from its end. */
      const origin = -(QUERIES_A_BLOCK + 1);
      return [starts[s] + before, starts[s] + after, parentStart, parentEnd, starts[s], 0, origin - (parentEnd - parentStart) - before, queries, origin + queries];
    });
  }), BigInt);
}

/** Where each block of a segment begins and ends that sees so many keys of its parent. */
function partsOf(length: number, parentKeys: number, most: number): [before: number, after: number][] {
  const parts: [number, number][] = [];
  for (let before = 0; before < length;) {
    const left = length - before;
    const keys = parentKeys + before + Math.min(left, most);
    const fits = Math.max(Math.ceil(most / 2), Math.min(most, Math.floor(SCORES_A_BLOCK / keys)));
    const after = before + Math.ceil(left / Math.ceil(left / fits));
    parts.push([before, after]);
    before = after;
  }
  return parts;
}
