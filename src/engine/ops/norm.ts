/** Root-mean-square norm. */
import { defineOp } from '../autodiff';
import * as G from '../graph';

/** x / √(mean(x²) + ε) · w over the last axis.  x [...,D], w [D] → [...,D].  Source: arXiv 1910.07467; numbers as transformers' LlamaRMSNorm. */
export const rmsNormOp = defineOp<{ epsilon: number }>({
  name: 'rmsNorm',
  forward(g, [x, w], { epsilon }) {
    const { y, inverse } = G.rmsNormalise(g, x, w, epsilon);
    return { outputs: [y], saved: [inverse] };
  },
  /** With n = x·inverse and u = dy·w:  dx = inverse · (u − n · mean(u·n)),  dw = Σ dy·n. */
  vjp(g, { inputs: [x, w], saved: [inverse], wanted }, [dy]) {
    const n = G.mul(g, x, inverse);
    let dx: G.Value | undefined;
    if (wanted[0]) {
      const u = G.mul(g, dy!, w);
      const mean = G.meanAxis(g, G.mul(g, u, n), -1);
      dx = G.mul(g, G.sub(g, u, G.mul(g, n, mean)), inverse);
    }
    return [dx, wanted[1] ? sumToLast(g, G.mul(g, dy!, n)) : undefined];
  },
  examples: [
    { inputs: [{ shape: [3, 6] }, { shape: [6] }], attributes: { epsilon: 1e-5 } },
    { inputs: [{ shape: [3, 2, 4] }, { shape: [4] }], attributes: { epsilon: 1e-6 } },
  ],
});

/** [...,D] → [D]. */
function sumToLast(g: G.Graph, x: G.Value): G.Value {
  let sum = x;
  for (let axis = 0; axis < x.shape.length - 1; axis++) sum = G.sumAxis(g, sum, axis);
  return G.reshape(g, sum, [-1], [x.shape[x.shape.length - 1]]);
}
