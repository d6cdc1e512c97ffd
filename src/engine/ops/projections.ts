/** Linear layers that read one x (q, k and v; gate and up): to each what `linear` gives, with the thin products of their adapters joined. */
import { defineOp } from '../autodiff';
import * as G from '../graph';
import { sumRows } from './linear';

export interface ProjectionsAttributes {
  layers: readonly { hasBias: boolean; hasAdapter: boolean }[];
  /** Factor of every adapter. */
  scale: number;
}

interface Adapter { a: G.Value; b: G.Value }
interface Layer { w: G.Value; bias?: G.Value; adapter?: Adapter }

/** x [T,in], then of each layer W [out,in], bias [out], A [R,in] and B [out,R], those it has → [T,out] each.
 *  All A are one matrix [ΣR,in], so x is read once for them. */
export const projectionsOp = defineOp<ProjectionsAttributes>({
  name: 'projections',
  forward(g, inputs, attributes) {
    const { x, layers } = named(inputs, attributes);
    const adapters = layers.flatMap(({ adapter }) => adapter ?? []);
    const lows = adapters.length === 0 ? [] : G.splitSizes(g, G.gemm(g, x, joinedA(g, adapters), { transB: true }), ranksOf(adapters), 1);
    const outputs = layers.map(({ w, bias, adapter }) => {
      const y = G.gemm(g, x, w, { transB: true, plus: bias });
      return adapter ? G.add(g, y, G.gemm(g, lows[adapters.indexOf(adapter)], adapter.b, { transB: true, alpha: attributes.scale })) : y;
    });
    return { outputs, saved: lows };
  },
  vjp(g, { inputs, outputs, saved: lows, attributes, wanted }, dys) {
    const { x, layers } = named(inputs, attributes);
    const used = layers.map((layer, i) => ({ ...layer, dy: dys[i] ?? G.scale(g, outputs[i], 0) }));
    const gradients = new Map<G.Value, G.Value>();
    const isWanted = (value: G.Value) => wanted[inputs.indexOf(value)];
    let dx: G.Value | undefined;
    for (const { w, bias, dy } of used) {
      if (isWanted(x)) dx = dx ? G.add(g, dx, G.gemm(g, dy, w)) : G.gemm(g, dy, w);
      if (isWanted(w)) gradients.set(w, G.gemm(g, dy, x, { transA: true }));
      if (bias && isWanted(bias)) gradients.set(bias, sumRows(g, dy));
    }
    const adapted = used.flatMap(({ dy, adapter }) => adapter ? { dy, ...adapter } : []);
    if (adapted.length > 0) {
      const alpha = attributes.scale;
      const dLow = G.concat(g, adapted.map(({ dy, b }) => G.gemm(g, dy, b, { alpha })), 1);
      const dAs = G.splitSizes(g, G.gemm(g, dLow, x, { transA: true }), ranksOf(adapted), 0);
      adapted.forEach(({ dy, a, b }, i) => gradients.set(a, dAs[i]).set(b, G.gemm(g, dy, lows[i], { transA: true, alpha })));
      if (dx) dx = G.add(g, dx, G.gemm(g, dLow, joinedA(g, adapted)));
    }
    if (dx) gradients.set(x, dx);
    return inputs.map(input => gradients.get(input));
  },
  examples: [
    {
      inputs: [{ shape: [5, 4] }, { shape: [3, 4] }, { shape: [3] }, { shape: [2, 4] }],
      attributes: { layers: [{ hasBias: true, hasAdapter: false }, { hasBias: false, hasAdapter: false }], scale: 1 },
    },
    {
      inputs: [{ shape: [5, 4] }, { shape: [3, 4] }, { shape: [2, 4] }, { shape: [3, 2] }, { shape: [2, 4] }, { shape: [6, 4] }, { shape: [6] }, { shape: [2, 4] }, { shape: [6, 2] }],
      attributes: { layers: [{ hasBias: false, hasAdapter: true }, { hasBias: false, hasAdapter: false }, { hasBias: true, hasAdapter: true }], scale: 1.5 },
    },
  ],
});

function named([x, ...rest]: readonly G.Value[], attributes: ProjectionsAttributes): { x: G.Value; layers: Layer[] } {
  const waiting = [...rest];
  const next = () => waiting.shift()!;
  const layers = attributes.layers.map(({ hasBias, hasAdapter }) => ({
    w: next(), bias: hasBias ? next() : undefined, adapter: hasAdapter ? { a: next(), b: next() } : undefined,
  }));
  return { x, layers };
}

/** [ΣR,in] */
function joinedA(g: G.Graph, adapters: readonly Adapter[]): G.Value { return G.concat(g, adapters.map(({ a }) => a), 0); }

function ranksOf(adapters: readonly Adapter[]): number[] { return adapters.map(({ a }) => Number(a.shape[0])); }
