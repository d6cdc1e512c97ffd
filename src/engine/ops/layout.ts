/** Ops that only move numbers: fused projections, heads, rows picked by index. */
import { defineOp } from '../autodiff';
import * as G from '../graph';

/** Cuts the columns of x [T,ΣF] into parts. A part nobody uses gets no gradient and counts as zeros. */
export const splitColumnsOp = defineOp<{ sizes: number[] }>({
  name: 'splitColumns',
  forward: (g, [x], { sizes }) => ({ outputs: G.splitSizes(g, x, sizes, 1) }),
  vjp: (g, { outputs }, dys) => [G.concat(g, dys.map((dy, i) => dy ?? G.scale(g, outputs[i], 0)), 1)],
  examples: [{ inputs: [{ shape: [3, 6] }], attributes: { sizes: [1, 3, 2] } }],
});

/** [T,heads·E] → [T,heads,E]. */
export const toHeadsOp = defineOp<{ heads: number; size: number }>({
  name: 'toHeads',
  forward: (g, [x], { heads, size }) => ({ outputs: [G.reshape(g, x, [0, heads, size], [x.shape[0], heads, size])] }),
  vjp: (g, { inputs: [x], attributes }, [dy]) => [G.reshape(g, dy!, [0, attributes.heads * attributes.size], x.shape)],
  examples: [{ inputs: [{ shape: [3, 6] }], attributes: { heads: 2, size: 3 } }],
});

/** [T,heads,E] → [T,heads·E]. */
export const fromHeadsOp = defineOp<{ heads: number; size: number }>({
  name: 'fromHeads',
  forward: (g, [x], { heads, size }) => ({ outputs: [G.reshape(g, x, [0, heads * size], [x.shape[0], heads * size])] }),
  vjp: (g, { inputs: [x], attributes }, [dy]) => [G.reshape(g, dy!, [0, attributes.heads, attributes.size], x.shape)],
  examples: [{ inputs: [{ shape: [3, 2, 3] }], attributes: { heads: 2, size: 3 } }],
});

/** Rows of x [A,D] at indices int64 [N] → [N,D]; rows picked twice get both gradients. */
export const gatherRowsOp = defineOp<null>({
  name: 'gatherRows',
  forward: (g, [x, indices]) => ({ outputs: [G.gatherRows(g, x, indices)] }),
  vjp: (g, { inputs: [x, indices] }, [dy]) => [G.scatterAddRows(g, x, indices, dy!), undefined],
  examples: [{ inputs: [{ shape: [4, 3] }, { shape: [5], values: [0, 2, 2, 3, 0], dtype: 'int64' }], attributes: null }],
});
