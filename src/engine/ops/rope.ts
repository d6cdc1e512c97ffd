/** Rotary positions. */
import { defineOp } from '../autodiff';
import * as G from '../graph';

/** Rotates each head of x [T,heads·E] by the angles cos, sin [P,E/2] at positions int64 [1,T].  Source: arXiv 2104.09864, halves as transformers.
 *  The backward is the rotation by the opposite angle. */
export const ropeOp = defineOp<null>({
  name: 'rope',
  forward: (g, [x, positions, cos, sin]) => ({ outputs: [turn(g, x, positions, cos, sin)] }),
  vjp: (g, { inputs: [, positions, cos, sin] }, [dy]) => [turn(g, dy!, positions, cos, G.neg(g, sin)), undefined, undefined, undefined],
  examples: [{
    inputs: [{ shape: [3, 8] }, { shape: [1, 3], values: [0, 2, 1], dtype: 'int64' }, { shape: [4, 2], values: [1, 1, 0.5, 0.9, -0.4, 0.6, -0.9, 0.3] }, { shape: [4, 2], values: [0, 0, 0.8, 0.4, 0.9, 0.8, 0.1, 0.9] }],
    attributes: null,
  }, {
    // Packed segments: more tokens than positions.
    inputs: [{ shape: [5, 4] }, { shape: [1, 5], values: [0, 1, 2, 1, 2], dtype: 'int64' }, { shape: [3, 2], values: [1, 1, 0.5, 0.9, -0.4, 0.6] }, { shape: [3, 2], values: [0, 0, 0.8, 0.4, 0.9, 0.8] }],
    attributes: null,
  }],
});

function turn(g: G.Graph, x: G.Value, positions: G.Value, cos: G.Value, sin: G.Value): G.Value {
  const tokens = G.reshape(g, positions, [-1], [x.shape[0]]);
  const rotated = G.rotate(g, G.unsqueeze(g, x, 0), G.gatherRows(g, cos, tokens), G.gatherRows(g, sin, tokens));
  return G.reshape(g, rotated, [-1, Number(x.shape[1])], x.shape);
}
