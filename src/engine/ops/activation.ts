/** The gated activation of the MLP. */
import { defineOp } from '../autodiff';
import * as G from '../graph';

export type Activation = 'silu' | 'gelu_tanh';

/** act(gate) · up.  [T,F], [T,F] → [T,F].  The activation's own value is not kept: the backward makes it again from `gate`. */
export const gatedActivationOp = defineOp<{ kind: Activation }>({
  name: 'gatedActivation',
  forward(g, [gate, up], { kind }) {
    return { outputs: [G.mul(g, kind === 'silu' ? G.silu(g, gate) : gelu(g, gate).value, up)] };
  },
  vjp(g, { inputs: [gate, up], attributes }, [dyMaybe]) {
    const dy = dyMaybe!;
    const { value, slope } = attributes.kind === 'silu' ? siluWithSlope(g, gate) : gelu(g, gate);
    return [G.mul(g, G.mul(g, dy, up), slope), G.mul(g, dy, value)];
  },
  examples: [
    { inputs: [{ shape: [3, 4], low: -3, high: 3 }, { shape: [3, 4] }], attributes: { kind: 'silu' } },
    { inputs: [{ shape: [3, 4], low: -3, high: 3 }, { shape: [3, 4] }], attributes: { kind: 'gelu_tanh' } },
  ],
});

/** x·σ(x); slope σ(x) + y·(1 − σ(x)) = σ + y − y·σ. */
function siluWithSlope(g: G.Graph, x: G.Value): { value: G.Value; slope: G.Value } {
  const gateway = G.sigmoid(g, x);
  const value = G.mul(g, x, gateway);
  const slope = G.add(g, gateway, G.mul(g, value, G.sub(g, g.scalar(1), gateway)));
  return { value, slope };
}

/** ½x(1 + t), t = tanh(√(2/π)(x + 0.044715x³)); slope ½(1 + t) + ½x(1 − t²)·√(2/π)(1 + 3·0.044715x²). */
function gelu(g: G.Graph, x: G.Value): { value: G.Value; slope: G.Value } {
  const c = Math.sqrt(2 / Math.PI);
  const squared = G.mul(g, x, x);
  const inner = G.mul(g, x, G.add(g, G.scale(g, squared, c * 0.044715), g.scalar(c)));
  const t = G.tanh(g, inner);
  const half = G.add(g, G.scale(g, t, 0.5), g.scalar(0.5));
  const sech = G.sub(g, g.scalar(1), G.mul(g, t, t));
  const rise = G.add(g, G.scale(g, squared, 1.5 * c * 0.044715), g.scalar(0.5 * c));
  return { value: G.mul(g, x, half), slope: G.add(g, half, G.mul(g, G.mul(g, x, sech), rise)) };
}
