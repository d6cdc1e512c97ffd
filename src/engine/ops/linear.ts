/** A linear layer: x·Wᵀ (+ bias), with a low-rank adapter added where there is one. */
import { defineOp } from '../autodiff';
import * as G from '../graph';

export interface LinearAttributes {
  hasBias: boolean;
  /** scale · (x∘mask)·Aᵀ·Bᵀ is added; inputs A [R,in], B [out,R], and the mask where `hasMask`. */
  adapter: { scale: number; hasMask: boolean } | null;
}

interface Named { x: G.Value; w: G.Value; bias?: G.Value; a?: G.Value; b?: G.Value; mask?: G.Value }

/** x [T,in], W [out,in] → [T,out].  LoRA: arXiv 2106.09685.  Forward and backward read the one [out,in] matrix as it is stored.
 *  Products are summed by Add, in place: as a product's addend a sum is copied first, and the thin product takes twice as long. */
export const linearOp = defineOp<LinearAttributes>({
  name: 'linear',
  forward(g, inputs, attributes) {
    const { x, w, bias, a, b, mask } = named(inputs, attributes);
    const y = G.gemm(g, x, w, { transB: true, plus: bias });
    if (!a || !b) return { outputs: [y] };
    const low = G.gemm(g, mask ? G.mul(g, x, mask) : x, a, { transB: true });
    return { outputs: [G.add(g, y, G.gemm(g, low, b, { transB: true, alpha: attributes.adapter!.scale }))], saved: [low] };
  },
  vjp(g, { inputs, saved: [low], attributes, wanted }, [dyMaybe]) {
    const dy = dyMaybe!;
    const { x, w, bias, a, b, mask } = named(inputs, attributes);
    const gradients: (G.Value | undefined)[] = [undefined, wanted[1] ? G.gemm(g, dy, x, { transA: true }) : undefined];
    if (bias) gradients.push(wanted[2] ? sumRows(g, dy) : undefined);
    let dx = wanted[0] ? G.gemm(g, dy, w) : undefined;
    if (a && b) {
      const alpha = attributes.adapter!.scale;
      const dLow = G.gemm(g, dy, b, { alpha });
      const masked = mask ? G.mul(g, x, mask) : x;
      gradients.push(G.gemm(g, dLow, masked, { transA: true }), G.gemm(g, dy, low, { transA: true, alpha }));
      if (mask) gradients.push(undefined);
      if (dx) dx = G.add(g, dx, mask ? G.mul(g, G.gemm(g, dLow, a), mask) : G.gemm(g, dLow, a));
    }
    gradients[0] = dx;
    return gradients;
  },
  examples: [
    { inputs: [{ shape: [5, 4] }, { shape: [3, 4] }], attributes: { hasBias: false, adapter: null } },
    { inputs: [{ shape: [5, 4] }, { shape: [3, 4] }, { shape: [3] }], attributes: { hasBias: true, adapter: null } },
    { inputs: [{ shape: [5, 4] }, { shape: [3, 4] }, { shape: [2, 4] }, { shape: [3, 2] }], attributes: { hasBias: false, adapter: { scale: 1.5, hasMask: false } } },
    {
      inputs: [{ shape: [2, 4] }, { shape: [3, 4] }, { shape: [3] }, { shape: [2, 4] }, { shape: [3, 2] }, { shape: [2, 4], values: [0, 2, 2, 0, 2, 2, 0, 2] }],
      attributes: { hasBias: true, adapter: { scale: 0.5, hasMask: true } },
    },
  ],
});

function named(inputs: readonly G.Value[], { hasBias, adapter }: LinearAttributes): Named {
  const [x, w, ...rest] = inputs;
  const bias = hasBias ? rest.shift() : undefined;
  const [a, b, mask] = adapter ? rest : [];
  return { x, w, bias, a, b, mask };
}

/** [T,out] → [out]. */
export function sumRows(g: G.Graph, x: G.Value): G.Value {
  return G.reshape(g, G.sumAxis(g, x, 0), [-1], [x.shape[1]]);
}
