/** Attention over packed segments in blocks of queries, one after the other: what is hidden from a block is not computed, and no scores outlive it,
 *  so memory grows with the tokens, not with their square. As many rows and blocks as a batch has run in one loop of the graph.
 *
 *    tokens    p p p p  c c c        blocks of 2    start end  parent  own
 *    segments  prompt | chosen                      0     2    0  0    0      a block sees its parent's keys, and its own segment's up to its end
 *                                                   2     4    0  0    0
 *                                                   4     6    0  4    4
 *                                                   6     7    0  4    4
 */
import { defineOp } from '../autodiff';
import { BLOCK_COLUMNS, blockTable, QUERIES_A_BLOCK } from '../batch';
import * as G from '../graph';
import { HIDDEN, visibility } from './attention';
import type { Carried, Dim, Value } from '../graph';

export interface BlockAttentionAttributes {
  heads: number;
  kvHeads: number;
  headSize: number;
  scale: number;
  /** Scores become cap·tanh(score/cap); null for none. */
  softcap: number | null;
}

/** Lengths that differ from turn to turn. */
const DIMS = {
  queries: 'block/queries', parentKeys: 'block/parent_keys', ownKeys: 'block/own_keys', before: 'block/tokens_before',
} as const;

/** All keys of a block. */
const KEYS: Dim = G.addDims(DIMS.parentKeys, DIMS.ownKeys);

/** How many blocks there are. */
export const BLOCKS = 'blocks';

/** What the named lengths are in one turn, for estimates: a block of `queries` that sees `parentKeys` and `ownKeys`, after `before` tokens. */
export function blockLengths({ queries, parentKeys, ownKeys, before }: { queries: number; parentKeys: number; ownKeys: number; before: number }): [name: string, length: number][] {
  return [[DIMS.queries, queries], [DIMS.parentKeys, parentKeys], [DIMS.ownKeys, ownKeys], [DIMS.before, before]];
}

/** q [T,H·E], k, v [T,K·E], a relativeMask, blocks int64 [N,9], every token in one block, in order → [T,H·E].
 *  The backward computes a block's weights again from q and k.  Source: arXiv 1706.03762; in blocks 2205.14135; grouped heads 2305.13245. */
export const blockAttentionOp = defineOp<BlockAttentionAttributes>({
  name: 'blockAttention',
  forward(g, [q, k, v, relative, blocks], a) {
    const [queries, keys, values] = [q, k, v].map(x => G.unsqueeze(g, x, 0));
    const places = placesOf(g, q);
    const none: Carried = { initial: g.constant(new Float32Array(0), [1, 0, Number(q.shape[1])]), shape: [1, DIMS.before, q.shape[1]], result: queries.shape };
    const [output] = G.loop(g, countOf(g, blocks), [none], (body, index, [before]) => {
      const at = blockAt(body, blocks, index);
      const tokens = seenTokens(body, places, at);
      const own = G.attention(body, slice(body, queries, at), seen(body, keys, tokens), seen(body, values, tokens), maskOf(body, relative, at), a);
      return [G.concat(body, [before, own], 1)];
    });
    return { outputs: [G.squeeze(g, output, 0)] };
  },
  /** With weights w = softmax(s):  ds = w · (dw − Σ dw·w), and Σ dw·w over keys equals Σ dout·out over the head, which is far shorter. */
  vjp(g, { inputs: [q, k, v, relative, blocks], outputs: [y], attributes: a }, [dyMaybe]) {
    const dy = dyMaybe!;
    const [queries, keys, values] = [headsFirst(g, G.tieTo(g, q, dy), a.heads, a), headsFirst(g, G.tieTo(g, k, dy), a.kvHeads, a), headsFirst(g, G.tieTo(g, v, dy), a.kvHeads, a)];
    const dOutputs = headsFirst(g, dy, a.heads, a);
    const products = G.reshape(g, G.mul(g, dy, y), [0, a.heads, a.headSize], [q.shape[0], a.heads, a.headSize]);
    const deltas = G.transpose(g, G.sumAxis(g, products, -1), [1, 0, 2]);
    // dw − Σ dw·w is one product where −Σ stands beside dout, and 1 beside each value.
    const lessDeltas = G.concat(g, [dOutputs, G.neg(g, deltas)], 2);
    const valuesWithOne = G.concat(g, [values, onesBeside(g, values)], 2);
    const places = placesOf(g, q);
    const carried = [growing(g, a.heads, q, a), zeros(g, a.kvHeads, k, a), zeros(g, a.kvHeads, v, a)];
    const firstRows = G.mul(g, g.constant(BigInt64Array.from({ length: a.kvHeads }, (_, i) => BigInt(i)), [a.kvHeads, 1]), countOf(g, q));
    const [dQueries, dKeys, dValues] = G.loop(g, countOf(g, blocks), carried, (body, index, [dQueriesBefore, dKeysBefore, dValuesBefore]) => {
      const at = blockAt(body, blocks, index);
      const tokens = seenTokens(body, places, at);
      const rows = G.unsqueeze(body, G.add(body, firstRows, tokens), 2);
      const [query, key] = [slice(body, queries, at), seen(body, keys, tokens)];
      const { weights, capped } = blockWeights(body, query, key, maskOf(body, relative, at), a);
      let dScores = G.mul(body, weights, perHead(body, slice(body, lessDeltas, at), seen(body, valuesWithOne, tokens), { transB: true }, a));
      if (capped) dScores = G.mul(body, dScores, G.sub(body, body.scalar(1), G.mul(body, capped, capped)));
      const dKey = G.batchedMatmul(body, group(body, dScores, a), group(body, query, a), { transA: true, alpha: a.scale });
      const dValue = G.batchedMatmul(body, group(body, weights, a), group(body, slice(body, dOutputs, at), a), { transA: true });
      return [
        G.concat(body, [dQueriesBefore, perHead(body, dScores, key, { alpha: a.scale }, a)], 1),
        addRows(body, dKeysBefore, rows, dKey),
        addRows(body, dValuesBefore, rows, dValue),
      ];
    });
    return [tokensFirst(g, dQueries, q), tokensFirst(g, byHead(g, dKeys, k, a), k), tokensFirst(g, byHead(g, dValues, v, a), v), undefined, undefined];
  },
  examples: [
    example([4], [null], 4, 1, null, null),
    example([4], [null], 2, 1, null, null),
    example([3, 2, 3], [null, 0, 0], 2, 2, null, null),
    example([3, 2, 3], [null, 0, 0], 2, 1, null, 2),
    example([2, 2, 1, 3], [null, 0, null, 2], 2, 1, 0.7, null),
  ],
});

/** Additive mask by distance, [128, T + 129]: row i is a block's i-th query, column T the key of its first; so every block's mask is a piece of this one.
 *  A parent's positions and its child's are one row of numbers, so a distance is the same wherever a segment lies.  `like` [T,…] tells how many tokens there are;
 *  a query sees keys of fewer positions before it than `window`, null for all. */
export function relativeMask(g: G.Graph, like: Value, window: number | null): Value {
  const keys = G.range(g, G.neg(g, countOf(g, like)), g.constant(BigInt64Array.of(BigInt(QUERIES_A_BLOCK + 1)), []), G.addDims(like.shape[0], QUERIES_A_BLOCK + 1));
  const queries = g.constant(BigInt64Array.from({ length: QUERIES_A_BLOCK }, (_, i) => BigInt(i)), [QUERIES_A_BLOCK, 1]);
  return visibility(g, queries, G.unsqueeze(g, keys, 0), window);
}

interface Block {
  start: Value; end: Value; parentStart: Value; parentEnd: Value; ownStart: Value;
  /** Its part of a relative mask, int64 [2] each. */
  maskStart: Value; maskEnd: Value;
}

function blockAt(g: G.Graph, blocks: Value, index: Value): Block {
  const row = g.node('Gather', [blocks, index], { axis: 0 }, [{ dtype: 'int64', shape: [BLOCK_COLUMNS] }])[0];
  const [start, end, parentStart, parentEnd, ownStart, maskStart, maskEnd] = G.splitSizes(g, row, [1, 1, 1, 1, 1, 2, 2], 0);
  return { start, end, parentStart, parentEnd, ownStart, maskStart, maskEnd };
}

/** int64 []: T of x [T,…]. */
function countOf(g: G.Graph, x: Value): Value {
  return g.node('Gather', [G.shapeOf(g, x), g.constant(BigInt64Array.of(0n), [])], { axis: 0 }, [{ dtype: 'int64', shape: [] }])[0];
}

/** int64 [T]: 0 … T − 1. */
function placesOf(g: G.Graph, q: Value): Value {
  return G.range(g, g.constant(BigInt64Array.of(0n), []), countOf(g, q), q.shape[0]);
}

/** Zeros [n·T,E] that each turn adds to. */
function zeros(g: G.Graph, n: number, like: Value, { headSize }: BlockAttentionAttributes): Carried {
  const shape = [G.timesDim(n, like.shape[0]), headSize];
  const rows = G.mul(g, G.reshape(g, countOf(g, like), [1], [1]), g.ints(n));
  const initial = g.node('ConstantOfShape', [G.concat(g, [rows, g.ints(headSize)], 0)], {}, [{ dtype: like.dtype, shape }])[0];
  return { initial, shape, result: shape };
}

/** [n,0,E] that each turn makes longer by its tokens. */
function growing(g: G.Graph, n: number, like: Value, { headSize }: BlockAttentionAttributes): Carried {
  return { initial: g.constant(new Float32Array(0), [n, 0, headSize]), shape: [n, DIMS.before, headSize], result: [n, like.shape[0], headSize] };
}

/** The block's own tokens of x [n,T,…]. */
function slice(g: G.Graph, x: Value, { start, end }: Block): Value {
  return G.slice(g, x, start, end, 1, DIMS.queries);
}

/** Which tokens the block sees: its parent's, then its segment's up to its end; int64 [keys]. */
function seenTokens(g: G.Graph, places: Value, { parentStart, parentEnd, ownStart, end }: Block): Value {
  return G.concat(g, [G.slice(g, places, parentStart, parentEnd, 0, DIMS.parentKeys), G.slice(g, places, ownStart, end, 0, DIMS.ownKeys)], 0);
}

/** These tokens of x [n,T,…]. */
function seen(g: G.Graph, x: Value, tokens: Value): Value {
  return g.node('Gather', [x, tokens], { axis: 1 }, [{ dtype: x.dtype, shape: x.shape.with(1, tokens.shape[0]) }])[0];
}

/** The block's mask [queries, keys]. */
function maskOf(g: G.Graph, relative: Value, { maskStart, maskEnd }: Block): Value {
  return g.node('Slice', [relative, maskStart, maskEnd, g.ints(0, 1)], {}, [{ dtype: relative.dtype, shape: [DIMS.queries, KEYS] }])[0];
}

/** Softmax over what each query sees, [H,queries,keys]; `capped` is the tanh where scores are capped. */
function blockWeights(g: G.Graph, query: Value, key: Value, mask: Value, a: BlockAttentionAttributes): { weights: Value; capped?: Value } {
  const raw = perHead(g, query, key, { transB: true, alpha: a.softcap === null ? a.scale : a.scale / a.softcap }, a);
  const capped = a.softcap === null ? undefined : G.tanh(g, raw);
  const scores = capped ? G.scale(g, capped, a.softcap!) : raw;
  return { weights: G.softmax(g, G.add(g, scores, mask)), capped };
}

/** Sums [n·T,E] with part [n,keys,E] added at rows int64 [n,keys,1], of which none comes twice. */
function addRows(g: G.Graph, sums: Value, rows: Value, part: Value): Value {
  return g.node('ScatterND', [sums, rows, part], { reduction: 'add' }, [{ dtype: sums.dtype, shape: sums.shape }])[0];
}

/** [n·T,E] → [n,T,E]; `like` [T,n·E] tells T. */
function byHead(g: G.Graph, x: Value, like: Value, { kvHeads, headSize }: BlockAttentionAttributes): Value {
  return G.reshape(g, x, [kvHeads, -1, headSize], [kvHeads, like.shape[0], headSize]);
}

/** [T,n·E] → [n,T,E]. */
function headsFirst(g: G.Graph, x: Value, n: number, { headSize }: BlockAttentionAttributes): Value {
  return G.transpose(g, G.reshape(g, x, [0, n, headSize], [x.shape[0], n, headSize]), [1, 0, 2]);
}

/** [n,T,E] → `like` [T,n·E]. */
function tokensFirst(g: G.Graph, x: Value, like: Value): Value {
  return G.reshape(g, G.transpose(g, x, [1, 0, 2]), [0, Number(like.shape[1])], like.shape);
}

/** x [H,queries,…] times what its key head has, y [K,…]. A product a head: with one a key head, threads would wait for each other. */
function perHead(g: G.Graph, x: Value, y: Value, how: { transB?: boolean; alpha?: number }, { heads, kvHeads }: BlockAttentionAttributes): Value {
  if (heads === kvHeads) return G.batchedMatmul(g, x, y, how);
  const byKeyHead = G.reshape(g, G.unsqueeze(g, x, 0), [kvHeads, heads / kvHeads, 0, 0], [kvHeads, heads / kvHeads, ...x.shape.slice(1)]);
  const product = G.batchedMatmul(g, byKeyHead, G.unsqueeze(g, y, 1), how);
  return G.squeeze(g, G.reshape(g, product, [1, heads, 0, 0], [1, heads, ...product.shape.slice(2)]), 0);
}

/** [H,S,…] → [K,(H/K)·S,…]: the query heads that share a key head, one under the other. */
function group(g: G.Graph, x: Value, { heads, kvHeads }: BlockAttentionAttributes): Value {
  if (heads === kvHeads) return x;
  return G.reshape(g, x, [kvHeads, -1, 0], [kvHeads, G.timesDim(heads / kvHeads, x.shape[1]), x.shape[2]]);
}

/** 1 for each token of x [n,T,E]: [n,T,1]. */
function onesBeside(g: G.Graph, x: Value): Value {
  const first = g.node('Slice', [x, g.ints(0), g.ints(1), g.ints(2)], {}, [{ dtype: x.dtype, shape: [...x.shape.slice(0, 2), 1] }])[0];
  return g.node('Expand', [g.constant(Float32Array.of(1), [1, 1, 1]), G.shapeOf(g, first)], {}, [{ dtype: x.dtype, shape: first.shape }])[0];
}

function example(segments: number[], parents: (number | null)[], most: number, kvHeads: number, softcap: number | null, window: number | null) {
  const tokens = segments.reduce((sum, size) => sum + size, 0);
  const table = Array.from(blockTable(segments, parents, most), Number);
  const columns = tokens + QUERIES_A_BLOCK + 1;
  const mask = Array.from({ length: QUERIES_A_BLOCK * columns }, (_, i) => {
    const distance = Math.floor(i / columns) - (i % columns - tokens);
    return distance >= 0 && distance < (window ?? Infinity) ? 0 : HIDDEN;
  });
  return {
    inputs: [
      { shape: [tokens, 2 * 3] }, { shape: [tokens, kvHeads * 3] }, { shape: [tokens, kvHeads * 3] },
      { shape: [QUERIES_A_BLOCK, columns], values: mask }, { shape: [table.length / BLOCK_COLUMNS, BLOCK_COLUMNS], values: table, dtype: 'int64' as const },
    ],
    attributes: { heads: 2, kvHeads, headSize: 3, scale: 0.6, softcap },
  };
}
