/** Attention over packed segments. A segment sees itself causally and its parent whole, so a pair's prompt is computed once:
 *
 *    tokens     p p p  c c  r r r        segments  prompt | chosen | rejected
 *    parents    prompt: none, chosen: prompt, rejected: prompt
 *    positions  0 1 2  3 4  3 4 5        what each token would have on its own
 *
 *  chosen's queries meet the keys p p p c c, rejected's p p p r r r; no square over all tokens is ever made.
 */
import { defineOp } from '../autodiff';
import * as G from '../graph';
import { timesDim, type Dim } from '../graph';

export interface AttentionAttributes {
  /** Tokens per segment; `parents[i]` is the segment that i continues, or null. */
  segments: readonly Dim[];
  parents: readonly (number | null)[];
  heads: number;
  kvHeads: number;
  headSize: number;
  scale: number;
  /** Scores become cap·tanh(score/cap); null for none. */
  softcap: number | null;
}

/** exp(HIDDEN) is 0 in float32 whatever score is added, and finite, so that nothing becomes NaN. */
export const HIDDEN = -1e30;

/** q [T,H·E], k, v [T,K·E], lengths int64 [segments], one additive mask [Q,keys] a segment → [T,H·E].  Source: arXiv 1706.03762; grouped heads 2305.13245. */
export const attentionOp = defineOp<AttentionAttributes>({
  name: 'attention',
  forward(g, [q, k, v, lengths, ...masks], a) {
    const queries = cut(g, q, a.heads, lengths, a);
    const keys = cut(g, k, a.kvHeads, lengths, a);
    const values = cut(g, v, a.kvHeads, lengths, a);
    const saved: G.Value[] = [];
    const outputs = a.segments.map((_, s) => {
      const query = group(g, queries[s], a);
      const key = withParent(g, keys, s, a);
      const value = withParent(g, values, s, a);
      const raw = ungroup(g, G.batchedMatmul(g, query, key, { transB: true, alpha: a.softcap === null ? a.scale : a.scale / a.softcap }), queries[s], a);
      const capped = a.softcap === null ? raw : G.tanh(g, raw);
      const scores = a.softcap === null ? raw : G.scale(g, capped, a.softcap);
      const weights = G.softmax(g, G.add(g, scores, masks[s]));
      const output = ungroup(g, G.batchedMatmul(g, group(g, weights, a), value), queries[s], a);
      saved.push(query, key, value, weights, output, capped);
      return output;
    });
    return { outputs: [join(g, outputs, q)], saved };
  },
  /** With weights w = softmax(s):  ds = w · (dw − Σ dw·w), and Σ dw·w over keys equals Σ dout·out over the head, which is far shorter. */
  vjp(g, { inputs: [q, k, v, lengths, ...masks], saved, attributes: a }, [dy]) {
    const dOutputs = cut(g, dy!, a.heads, lengths, a);
    const dQueries: G.Value[] = [];
    const dKeys: (G.Value | undefined)[] = a.segments.map(() => undefined);
    const dValues: (G.Value | undefined)[] = a.segments.map(() => undefined);
    a.segments.forEach((_, s) => {
      const [query, key, value, weights, output, capped] = saved.slice(6 * s, 6 * s + 6);
      const dOutput = dOutputs[s];
      const grouped = group(g, dOutput, a);
      const delta = G.sumAxis(g, G.mul(g, dOutput, output), -1);
      const dWeights = ungroup(g, G.batchedMatmul(g, grouped, value, { transB: true }), dOutput, a);
      let dScores = G.mul(g, weights, G.sub(g, dWeights, delta));
      if (a.softcap !== null) dScores = G.mul(g, dScores, G.sub(g, g.scalar(1), G.mul(g, capped, capped)));
      const dGrouped = group(g, dScores, a);
      dQueries.push(ungroup(g, G.batchedMatmul(g, dGrouped, key, { alpha: a.scale }), dOutput, a));
      addToFamily(g, dKeys, G.batchedMatmul(g, dGrouped, query, { transA: true, alpha: a.scale }), s, a);
      addToFamily(g, dValues, G.batchedMatmul(g, group(g, weights, a), grouped, { transA: true }), s, a);
    });
    return [join(g, dQueries, q), join(g, dKeys as G.Value[], k), join(g, dValues as G.Value[], v), undefined, ...masks.map(() => undefined)];

    /** Hands the gradient of [parent | self] keys to both. */
    function addToFamily(graph: G.Graph, sums: (G.Value | undefined)[], gradient: G.Value, s: number, { segments, parents }: AttentionAttributes): void {
      const parent = parents[s];
      const [toParent, toSelf] = parent === null ? [undefined, gradient]
        : G.split(graph, gradient, pairOfLengths(graph, lengths, parent, s), [segments[parent], segments[s]], 1);
      accumulate(s, toSelf);
      if (parent !== null) accumulate(parent, toParent!);
      function accumulate(at: number, part: G.Value): void {
        const before = sums[at];
        sums[at] = before ? G.add(graph, before, part) : part;
      }
    }
  },
  examples: [
    example({ segments: [4], parents: [null] }, 1, null),
    example({ segments: [3, 2, 3], parents: [null, 0, 0] }, 2, null),
    example({ segments: [2, 2, 1, 3], parents: [null, 0, null, 2] }, 1, 0.7),
  ],
});

/** Masks [Q,keys] of a window: 0 where a query may look, a large negative number elsewhere.  positions int64 [1,T]. */
export function attentionMasks(g: G.Graph, positions: G.Value, lengths: G.Value, { segments, parents }: Pick<AttentionAttributes, 'segments' | 'parents'>, window: number | null): G.Value[] {
  const perSegment = G.split(g, positions, lengths, segments, 1);
  return segments.map((size, s) => {
    const parent = parents[s];
    const keys = parent === null ? perSegment[s] : G.concat(g, [perSegment[parent], perSegment[s]], 1);
    const queries = G.reshape(g, perSegment[s], [-1, 1], [size, 1]);
    return visibility(g, queries, keys, window);
  });
}

/** Additive mask from positions: queries int64 [Q,1], keys int64 [1,K] → float32 [Q,K]. */
export function visibility(g: G.Graph, queries: G.Value, keys: G.Value, window: number | null): G.Value {
  const causal = G.lessOrEqual(g, keys, queries);
  const allowed = window === null ? causal : G.and(g, causal, G.less(g, queries, G.add(g, keys, g.ints(window))));
  return G.where(g, allowed, g.scalar(0), g.scalar(HIDDEN));
}

/** [T,n·E] → per segment [n,S,E]. */
function cut(g: G.Graph, x: G.Value, n: number, lengths: G.Value, { segments, headSize }: AttentionAttributes): G.Value[] {
  const heads = G.reshape(g, x, [0, n, headSize], [x.shape[0], n, headSize]);
  return G.split(g, G.transpose(g, heads, [1, 0, 2]), lengths, segments, 1);
}

/** Per segment [n,S,E] → [T,n·E]. */
function join(g: G.Graph, parts: readonly G.Value[], like: G.Value): G.Value {
  const tokensFirst = G.transpose(g, G.concat(g, parts, 1), [1, 0, 2]);
  return G.reshape(g, tokensFirst, [0, Number(like.shape[1])], like.shape);
}

/** [H,S,…] → [K,(H/K)·S,…]: the query heads that share a key head, one under the other. */
function group(g: G.Graph, x: G.Value, { heads, kvHeads }: AttentionAttributes): G.Value {
  if (heads === kvHeads) return x;
  return G.reshape(g, x, [kvHeads, -1, 0], [kvHeads, timesDim(heads / kvHeads, x.shape[1]), x.shape[2]]);
}

/** Undoes `group`; `like` [H,S,…] tells S. */
function ungroup(g: G.Graph, x: G.Value, like: G.Value, { heads, kvHeads }: AttentionAttributes): G.Value {
  if (heads === kvHeads) return x;
  return G.reshape(g, x, [heads, -1, 0], [heads, like.shape[1], x.shape[2]]);
}

function withParent(g: G.Graph, parts: readonly G.Value[], s: number, { parents }: AttentionAttributes): G.Value {
  const parent = parents[s];
  return parent === null ? parts[s] : G.concat(g, [parts[parent], parts[s]], 1);
}

function pairOfLengths(g: G.Graph, lengths: G.Value, first: number, second: number): G.Value {
  return G.gatherRows(g, lengths, g.ints(first, second));
}

function example(tree: { segments: number[]; parents: (number | null)[] }, kvHeads: number, softcap: number | null) {
  const tokens = tree.segments.reduce((sum, size) => sum + size, 0);
  const masks = tree.segments.map((size, s) => {
    const before = tree.parents[s] === null ? 0 : tree.segments[tree.parents[s]!];
    const values = Array.from({ length: size * (before + size) }, (_, i) => i % (before + size) <= before + Math.floor(i / (before + size)) ? 0 : HIDDEN);
    return { shape: [size, before + size], values };
  });
  return {
    inputs: [{ shape: [tokens, 2 * 3] }, { shape: [tokens, kvHeads * 3] }, { shape: [tokens, kvHeads * 3] }, { shape: [tree.segments.length], values: tree.segments, dtype: 'int64' as const }, ...masks],
    attributes: { ...tree, heads: 2, kvHeads, headSize: 3, scale: 0.6, softcap },
  };
}
