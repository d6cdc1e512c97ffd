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
import { BLOCK_COLUMNS, blockTable } from '../batch';
import * as G from '../graph';
import { visibility } from './attention';
import type { Carried, Value } from '../graph';

export interface BlockAttentionAttributes {
  heads: number;
  kvHeads: number;
  headSize: number;
  scale: number;
  /** Scores become cap·tanh(score/cap); null for none. */
  softcap: number | null;
  /** A query sees keys of fewer positions before it than this; null for all. */
  window: number | null;
}

/** Lengths that differ from turn to turn. */
const DIMS = {
  queries: 'block/queries', parentKeys: 'block/parent_keys', ownKeys: 'block/own_keys', ownKeysBefore: 'block/own_keys_before',
  before: 'block/tokens_before', beforeParent: 'block/tokens_before_parent', between: 'block/tokens_between',
} as const;

/** How many blocks there are. */
export const BLOCKS = 'blocks';

/** What the named lengths are in one turn, for estimates: a block of `queries` that sees `parentKeys` and `ownKeys`, after `before` tokens. */
export function blockLengths({ queries, parentKeys, ownKeys, before }: { queries: number; parentKeys: number; ownKeys: number; before: number }): [name: string, length: number][] {
  return [
    [DIMS.queries, queries], [DIMS.parentKeys, parentKeys], [DIMS.ownKeys, ownKeys], [DIMS.ownKeysBefore, ownKeys - queries],
    [DIMS.before, before], [DIMS.beforeParent, 0], [DIMS.between, Math.max(0, before - parentKeys - (ownKeys - queries))],
  ];
}

/** q [T,H·E], k, v [T,K·E], positions int64 [1,T], blocks int64 [N,5], every token in one block, in order → [T,H·E].
 *  The backward computes a block's weights again from q and k.  Source: arXiv 1706.03762; in blocks 2205.14135; grouped heads 2305.13245. */
export const blockAttentionOp = defineOp<BlockAttentionAttributes>({
  name: 'blockAttention',
  forward(g, [q, k, v, positions, blocks], a) {
    const [queries, keys, values] = [headsFirst(g, q, a.heads, a), headsFirst(g, k, a.kvHeads, a), headsFirst(g, v, a.kvHeads, a)];
    const [output] = G.loop(g, turns(g, blocks), [growing(g, a.heads, q, a)], (body, index, [before]) => {
      const at = blockAt(body, blocks, index);
      const weights = blockWeights(body, slice(body, queries, at), seen(body, keys, at), positions, at, a).weights;
      return [G.concat(body, [before, perHead(body, weights, seen(body, values, at), {}, a)], 1)];
    });
    return { outputs: [tokensFirst(g, output, q)] };
  },
  /** With weights w = softmax(s):  ds = w · (dw − Σ dw·w), and Σ dw·w over keys equals Σ dout·out over the head, which is far shorter. */
  vjp(g, { inputs: [q, k, v, positions, blocks], outputs: [y], attributes: a }, [dyMaybe]) {
    const dy = dyMaybe!;
    const [queries, keys, values] = [headsFirst(g, G.tieTo(g, q, dy), a.heads, a), headsFirst(g, G.tieTo(g, k, dy), a.kvHeads, a), headsFirst(g, G.tieTo(g, v, dy), a.kvHeads, a)];
    const dOutputs = headsFirst(g, dy, a.heads, a);
    const products = G.reshape(g, G.mul(g, dy, y), [0, a.heads, a.headSize], [q.shape[0], a.heads, a.headSize]);
    const deltas = G.transpose(g, G.sumAxis(g, products, -1), [1, 0, 2]);
    // dw − Σ dw·w is one product where −Σ stands beside dout, and 1 beside each value.
    const lessDeltas = G.concat(g, [dOutputs, G.neg(g, deltas)], 2);
    const valuesWithOne = G.concat(g, [values, onesBeside(g, values)], 2);
    const carried = [growing(g, a.heads, q, a), growing(g, a.kvHeads, k, a), growing(g, a.kvHeads, v, a)];
    const [dQueries, dKeys, dValues] = G.loop(g, turns(g, blocks), carried, (body, index, [dQueriesBefore, dKeysBefore, dValuesBefore]) => {
      const at = blockAt(body, blocks, index);
      const [query, key] = [slice(body, queries, at), seen(body, keys, at)];
      const { weights, capped } = blockWeights(body, query, key, positions, at, a);
      let dScores = G.mul(body, weights, perHead(body, slice(body, lessDeltas, at), seen(body, valuesWithOne, at), { transB: true }, a));
      if (capped) dScores = G.mul(body, dScores, G.sub(body, body.scalar(1), G.mul(body, capped, capped)));
      const dKey = G.batchedMatmul(body, group(body, dScores, a), group(body, query, a), { transA: true, alpha: a.scale });
      const dValue = G.batchedMatmul(body, group(body, weights, a), group(body, slice(body, dOutputs, at), a), { transA: true });
      return [
        G.concat(body, [dQueriesBefore, perHead(body, dScores, key, { alpha: a.scale }, a)], 1),
        addToKeys(body, dKeysBefore, dKey, at),
        addToKeys(body, dValuesBefore, dValue, at),
      ];
    });
    return [tokensFirst(g, dQueries, q), tokensFirst(g, dKeys, k), tokensFirst(g, dValues, v), undefined, undefined];
  },
  examples: [
    example([4], [null], 4, 1, null, null),
    example([4], [null], 2, 1, null, null),
    example([3, 2, 3], [null, 0, 0], 2, 2, null, null),
    example([3, 2, 3], [null, 0, 0], 2, 1, null, 2),
    example([2, 2, 1, 3], [null, 0, null, 2], 2, 1, 0.7, null),
  ],
});

interface Block { start: Value; end: Value; parentStart: Value; parentEnd: Value; ownStart: Value }

function blockAt(g: G.Graph, blocks: Value, index: Value): Block {
  const row = g.node('Gather', [blocks, index], { axis: 0 }, [{ dtype: 'int64', shape: [BLOCK_COLUMNS] }])[0];
  const [start, end, parentStart, parentEnd, ownStart] = G.splitSizes(g, row, new Array<number>(BLOCK_COLUMNS).fill(1), 0);
  return { start, end, parentStart, parentEnd, ownStart };
}

/** int64 []: how many blocks there are. */
function turns(g: G.Graph, blocks: Value): Value {
  return g.node('Gather', [G.shapeOf(g, blocks), g.constant(BigInt64Array.of(0n), [])], { axis: 0 }, [{ dtype: 'int64', shape: [] }])[0];
}

/** [n,0,E] that each turn makes longer by its tokens. */
function growing(g: G.Graph, n: number, like: Value, { headSize }: BlockAttentionAttributes): Carried {
  return { initial: g.constant(new Float32Array(0), [n, 0, headSize]), shape: [n, DIMS.before, headSize], result: [n, like.shape[0], headSize] };
}

/** The block's own tokens of x [n,T,…]. */
function slice(g: G.Graph, x: Value, { start, end }: Block): Value {
  return G.slice(g, x, start, end, 1, DIMS.queries);
}

/** The tokens that the block sees, of x [n,T,…]: its parent's, then its segment's up to its end. */
function seen(g: G.Graph, x: Value, { parentStart, parentEnd, ownStart, end }: Block): Value {
  return G.concat(g, [G.slice(g, x, parentStart, parentEnd, 1, DIMS.parentKeys), G.slice(g, x, ownStart, end, 1, DIMS.ownKeys)], 1);
}

/** Softmax over what each query sees, [H,queries,keys]; `capped` is the tanh where scores are capped. */
function blockWeights(g: G.Graph, query: Value, key: Value, positions: Value, at: Block, a: BlockAttentionAttributes): { weights: Value; capped?: Value } {
  const raw = perHead(g, query, key, { transB: true, alpha: a.softcap === null ? a.scale : a.scale / a.softcap }, a);
  const capped = a.softcap === null ? undefined : G.tanh(g, raw);
  const scores = capped ? G.scale(g, capped, a.softcap!) : raw;
  const own = G.reshape(g, slice(g, positions, at), [-1, 1], [DIMS.queries, 1]);
  return { weights: G.softmax(g, G.add(g, scores, visibility(g, own, seen(g, positions, at), a.window))), capped };
}

/** The sums [n,before,E] of blocks before, with this block's part [n,keys,E] added at its parent's and its segment's places, and its own tokens after them. */
function addToKeys(g: G.Graph, sums: Value, part: Value, { start, parentStart, parentEnd, ownStart, end }: Block): Value {
  const parentKeys = G.sub(g, parentEnd, parentStart);
  const known = G.add(g, parentKeys, G.sub(g, start, ownStart));
  const keys = G.add(g, parentKeys, G.sub(g, end, ownStart));
  const zero = g.ints(0);
  const cut = (from: Value, begin: Value, stop: Value, size: string) => G.slice(g, from, begin, stop, 1, size);
  return G.concat(g, [
    cut(sums, zero, parentStart, DIMS.beforeParent),
    G.add(g, cut(sums, parentStart, parentEnd, DIMS.parentKeys), cut(part, zero, parentKeys, DIMS.parentKeys)),
    cut(sums, parentEnd, ownStart, DIMS.between),
    G.add(g, cut(sums, ownStart, start, DIMS.ownKeysBefore), cut(part, parentKeys, known, DIMS.ownKeysBefore)),
    cut(part, known, keys, DIMS.queries),
  ], 1);
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
  const positions = segments.flatMap((size, s) => Array.from({ length: size }, (_, i) => i + (parents[s] === null ? 0 : segments[parents[s]])));
  const table = Array.from(blockTable(segments, parents, most), Number);
  return {
    inputs: [
      { shape: [tokens, 2 * 3] }, { shape: [tokens, kvHeads * 3] }, { shape: [tokens, kvHeads * 3] },
      { shape: [1, tokens], values: positions, dtype: 'int64' as const }, { shape: [table.length / BLOCK_COLUMNS, BLOCK_COLUMNS], values: table, dtype: 'int64' as const },
    ],
    attributes: { heads: 2, kvHeads, headSize: 3, scale: 0.6, softcap, window },
  };
}
