/** Log-probabilities of given tokens, from hidden states: the head, the softmax and the pick in one, in chunks of rows. */
import { defineOp } from '../autodiff';
import * as G from '../graph';
import type { Dim } from '../graph';

export interface TokenLogpsAttributes {
  /** Rows per chunk; logits exist for one chunk at a time. */
  chunks: readonly Dim[];
  /** Logits become cap·tanh(logit/cap); null for none. */
  softcap: number | null;
}

/** h [N,D], head [V,D], labels int64 [N], lengths int64 [chunks] → log p(label) [N,1].
 *
 *  For a frozen head d(logp)/dh = head[label] − softmax·head is a row of D numbers, the same whatever the loss. It is made in the forward,
 *  chunk by chunk, so that no logits wait for the backward; the backward is one product.  (The idea: Liger's fused linear cross entropy.)
 */
export const tokenLogpsOp = defineOp<TokenLogpsAttributes>({
  name: 'tokenLogps',
  forward(g, [h, head, labels, lengths], a, [hWanted, headWanted]) {
    if (headWanted) throw new Error('tokenLogps: a trainable head goes through logits (see pickLogpsOp)');
    const hs = G.split(g, h, lengths, a.chunks, 0);
    const ls = G.split(g, labels, lengths, a.chunks, 0);
    const logps: G.Value[] = [];
    const slopes: G.Value[] = [];
    hs.forEach((own, i) => {
      // One chunk after the other and each to its end, or the runtime holds the logits of several.
      const rows = [...logps.slice(-1), ...slopes.slice(-1)].reduce((tied, before) => G.tieTo(g, tied, before), own);
      const column = G.unsqueeze(g, ls[i], 1);
      const { logits, capped } = cap(g, G.gemm(g, rows, head, { transB: true, alpha: a.softcap === null ? 1 : 1 / a.softcap }), a.softcap);
      const [largest, picked] = [G.maxAxis(g, logits, -1), G.gatherColumns(g, logits, column)];
      // All else that reads the logits comes first, so that the probabilities can take their place.
      const probabilities = G.softmax(g, G.tieTo(g, G.tieTo(g, logits, largest), picked));
      // The largest logit's probability is 1/Σ exp(logit − largest), and no less than 1/V: its logarithm is exact.
      logps.push(G.add(g, G.sub(g, picked, largest), G.log(g, G.maxAxis(g, probabilities, -1))));
      if (hWanted) slopes.push(slope(g, probabilities, capped, head, ls[i], column));
    });
    return { outputs: [G.concat(g, logps, 0)], saved: hWanted ? [G.concat(g, slopes, 0)] : [] };
  },
  vjp: (g, { saved: [slopes] }, [dy]) => [G.mul(g, slopes, dy!), undefined, undefined, undefined],
  examples: [null, 1.5].map(softcap => ({
    inputs: [{ shape: [5, 3] }, { shape: [7, 3], values: Array.from({ length: 21 }, (_, i) => Math.sin(3 * i + 1)) }, { shape: [5], values: [0, 6, 2, 2, 3], dtype: 'int64' as const }, { shape: [2], values: [3, 2], dtype: 'int64' as const }],
    attributes: { chunks: [3, 2], softcap },
  })),
});

/** head[label]·c_label − (p∘c)·head, c = 1 − tanh² where logits are capped. */
function slope(g: G.Graph, probabilities: G.Value, capped: G.Value | undefined, head: G.Value, labels: G.Value, column: G.Value): G.Value {
  const own = G.gatherRows(g, head, labels);
  if (!capped) return G.gemm(g, probabilities, head, { alpha: -1, plus: own });
  const slack = G.sub(g, g.scalar(1), G.mul(g, capped, capped));
  return G.gemm(g, G.mul(g, probabilities, slack), head, { alpha: -1, plus: G.mul(g, own, G.gatherColumns(g, slack, column)) });
}

/** logits [N,V], labels int64 [N] → log p(label) [N,1]; for heads that train, whose logits are ordinary values. */
export const pickLogpsOp = defineOp<{ softcap: number | null }>({
  name: 'pickLogps',
  forward(g, [raw, labels], { softcap }) {
    const { logits, capped } = cap(g, G.scale(g, raw, softcap === null ? 1 : 1 / softcap), softcap);
    const all = G.logSoftmax(g, logits);
    return { outputs: [G.gatherColumns(g, all, G.unsqueeze(g, labels, 1))], saved: capped ? [all, capped] : [all] };
  },
  /** dlogits = dy · (onehot − p), times 1 − tanh² where capped. */
  vjp(g, { inputs: [, labels], saved: [all, capped] }, [dyMaybe]) {
    const dy = dyMaybe!;
    const spread = G.neg(g, G.mul(g, G.exp(g, all), dy));
    const column = G.unsqueeze(g, labels, 1);
    const picked = g.node('ScatterElements', [spread, column, dy], { axis: 1, reduction: 'add' }, [{ dtype: 'float32', shape: spread.shape }])[0];
    return [capped ? G.mul(g, picked, G.sub(g, g.scalar(1), G.mul(g, capped, capped))) : picked, undefined];
  },
  examples: [null, 1.5].map(softcap => ({ inputs: [{ shape: [4, 5], low: -2, high: 2 }, { shape: [4], values: [0, 4, 2, 2], dtype: 'int64' as const }], attributes: { softcap } })),
});

/** cap·tanh(x) of an x already divided by cap; `capped` is the tanh. */
function cap(g: G.Graph, divided: G.Value, softcap: number | null): { logits: G.Value; capped?: G.Value } {
  if (softcap === null) return { logits: divided };
  const capped = G.tanh(g, divided);
  return { logits: G.scale(g, capped, softcap), capped };
}

/** Sums token values [N,1] into rows: weights [S,N] → [S]. A weight of 1/n makes a mean, 1 a sum, 0 leaves a token out. */
export const poolOp = defineOp<null>({
  name: 'pool',
  forward: (g, [x, weights]) => ({ outputs: [G.reshape(g, G.gemm(g, weights, x), [-1], [weights.shape[0]])] }),
  vjp(g, { inputs: [, weights], outputs: [y] }, [dy]) {
    const column = G.reshape(g, dy!, [-1, 1], [y.shape[0], 1]);
    return [G.gemm(g, weights, column, { transA: true }), undefined];
  },
  examples: [{ inputs: [{ shape: [5, 1] }, { shape: [2, 5], values: [0.5, 0.5, 0, 0, 0, 0, 0, 1, 1, 1] }], attributes: null }],
});
