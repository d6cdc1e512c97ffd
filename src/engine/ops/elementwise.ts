/** Small arithmetic: residual adds, constant factors, and what the losses are written with. */
import { defineOp, type Tape } from '../autodiff';
import * as G from '../graph';

const matrix = { shape: [3, 4] };

/** a + b, equal shapes. */
export const addOp = defineOp<null>({
  name: 'add',
  forward: (g, [a, b]) => ({ outputs: [G.add(g, a, b)] }),
  vjp: (_g, _call, [dy]) => [dy, dy],
  examples: [{ inputs: [matrix, matrix], attributes: null }],
});

/** a − b, equal shapes. */
export const subOp = defineOp<null>({
  name: 'sub',
  forward: (g, [a, b]) => ({ outputs: [G.sub(g, a, b)] }),
  vjp: (g, { wanted }, [dy]) => [dy, wanted[1] ? G.neg(g, dy!) : undefined],
  examples: [{ inputs: [matrix, matrix], attributes: null }],
});

/** a · b, equal shapes. */
export const mulOp = defineOp<null>({
  name: 'mul',
  forward: (g, [a, b]) => ({ outputs: [G.mul(g, a, b)] }),
  vjp: (g, { inputs: [a, b], wanted }, [dy]) => [wanted[0] ? G.mul(g, dy!, b) : undefined, wanted[1] ? G.mul(g, dy!, a) : undefined],
  examples: [{ inputs: [matrix, matrix], attributes: null }],
});

/** factor · x + offset. */
export const affineOp = defineOp<{ factor: number; offset: number }>({
  name: 'affine',
  forward(g, [x], { factor, offset }) {
    const scaled = G.scale(g, x, factor);
    return { outputs: [offset === 0 ? scaled : G.add(g, scaled, g.scalar(offset))] };
  },
  vjp: (g, { attributes }, [dy]) => [G.scale(g, dy!, attributes.factor)],
  examples: [{ inputs: [matrix], attributes: { factor: -1.5, offset: 0.25 } }],
});

/** factor · x + offset, or x itself where that changes nothing. */
export function affine(tape: Tape, x: G.Value, factor: number, offset = 0): G.Value {
  return factor === 1 && offset === 0 ? x : tape.apply(affineOp, [x], { factor, offset });
}

/** x². */
export const squareOp = defineOp<null>({
  name: 'square',
  forward: (g, [x]) => ({ outputs: [G.mul(g, x, x)] }),
  vjp: (g, { inputs: [x] }, [dy]) => [G.mul(g, dy!, G.scale(g, x, 2))],
  examples: [{ inputs: [matrix], attributes: null }],
});

/** log σ(x) = −softplus(−x). */
export const logSigmoidOp = defineOp<null>({
  name: 'logSigmoid',
  forward: (g, [x]) => ({ outputs: [G.neg(g, G.softplus(g, G.neg(g, x)))] }),
  vjp: (g, { inputs: [x] }, [dy]) => [G.mul(g, dy!, G.sigmoid(g, G.neg(g, x)))],
  examples: [{ inputs: [{ shape: [6], low: -4, high: 4 }], attributes: null }],
});

/** σ(x). */
export const sigmoidOp = defineOp<null>({
  name: 'sigmoid',
  forward: (g, [x]) => ({ outputs: [G.sigmoid(g, x)] }),
  vjp: (g, { outputs: [y] }, [dy]) => [G.mul(g, dy!, G.mul(g, y, G.sub(g, g.scalar(1), y)))],
  examples: [{ inputs: [{ shape: [6], low: -4, high: 4 }], attributes: null }],
});

/** log(1 − eˣ) for x < 0. Below −ln 2 by log(1 − eˣ), above by log of −expm1, which we write as log(−x·(1 + x/2 + x²/6 + x³/24)) near 0,
 *  where 1 − eˣ loses its digits in float32. */
export const log1mExpOp = defineOp<null>({
  name: 'log1mExp',
  forward(g, [x]) {
    return { outputs: [G.log(g, oneMinusExp(g, x))] };
  },
  /** −eˣ / (1 − eˣ) */
  vjp: (g, { inputs: [x] }, [dy]) => [G.mul(g, dy!, G.neg(g, G.div(g, G.exp(g, x), oneMinusExp(g, x))))],
  examples: [{ inputs: [{ shape: [6], low: -5, high: -0.3 }], attributes: null }, { inputs: [{ shape: [4], low: -0.04, high: -0.01 }], attributes: null }],
});

/** Nearer to 0 than this the series is more exact than 1 − eˣ; its first dropped term is x⁴/120 < 6e-8 of the value. */
const SERIES_BELOW = 0.05;

/** x = 0, a probability rounded to 1, counts as this, so that odds stay finite. */
const NEAREST_TO_ZERO = -1e-20;

function oneMinusExp(g: G.Graph, given: G.Value): G.Value {
  const x = G.min(g, given, g.scalar(NEAREST_TO_ZERO));
  const direct = G.sub(g, g.scalar(1), G.exp(g, x));
  const horner = [1 / 24, 1 / 6, 1 / 2, 1].reduce<G.Value | undefined>(
    (sum, coefficient) => sum ? G.add(g, G.mul(g, sum, x), g.scalar(coefficient)) : g.scalar(coefficient), undefined)!;
  const series = G.neg(g, G.mul(g, x, horner));
  return G.where(g, G.less(g, x, g.scalar(-SERIES_BELOW)), direct, series);
}

/** Sum over all entries, each weighted by a constant of the same shape → scalar. Means are sums with weights 1/n. */
export const weightedSumOp = defineOp<null>({
  name: 'weightedSum',
  forward: (g, [x, weights]) => ({ outputs: [G.sumAll(g, G.mul(g, x, weights))] }),
  vjp: (g, { inputs: [, weights] }, [dy]) => [G.mul(g, weights, dy!), undefined],
  examples: [{ inputs: [{ shape: [5] }, { shape: [5], values: [0.2, 0, 0.5, 1, 0.1] }], attributes: null }],
});
