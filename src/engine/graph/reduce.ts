/** ONNX nodes that reduce or normalise an axis. */
import { sameShape, type Shape } from './dims';
import { ShapeError, type Graph, type Value } from './graph';

/** Sum over one axis, kept as 1. */
export function sumAxis(g: Graph, x: Value, axis: number): Value { return reduceAxis(g, 'ReduceSum', x, axis); }
/** Mean over one axis, kept as 1. */
export function meanAxis(g: Graph, x: Value, axis: number): Value { return reduceAxis(g, 'ReduceMean', x, axis); }
/** Largest over one axis, kept as 1. */
export function maxAxis(g: Graph, x: Value, axis: number): Value { return reduceAxis(g, 'ReduceMax', x, axis); }
/** Smallest over one axis, kept as 1. */
export function minAxis(g: Graph, x: Value, axis: number): Value { return reduceAxis(g, 'ReduceMin', x, axis); }
/** Sum of everything → scalar. */
export function sumAll(g: Graph, x: Value): Value { return g.node('ReduceSum', [x], { keepdims: 0 }, [{ dtype: x.dtype, shape: [] }])[0]; }
/** Mean of everything → scalar. */
export function meanAll(g: Graph, x: Value): Value { return g.node('ReduceMean', [x], { keepdims: 0 }, [{ dtype: x.dtype, shape: [] }])[0]; }

/** Over the last axis. */
export function softmax(g: Graph, x: Value): Value { return g.node('Softmax', [x], { axis: -1 }, [x].map(same))[0]; }
export function logSoftmax(g: Graph, x: Value): Value { return g.node('LogSoftmax', [x], { axis: -1 }, [x].map(same))[0]; }

/** y = x · inverse · w over the last axis, inverse = 1/√(mean(x²) + ε) [...,1].  x [...,D], w [D]. */
export function rmsNormalise(g: Graph, x: Value, w: Value, epsilon: number): { y: Value; inverse: Value } {
  const last = x.shape.length - 1;
  if (w.shape.length !== 1 || w.shape[0] !== x.shape[last]) throw new ShapeError('SimplifiedLayerNormalization', 'the weight does not fit the last axis', [x, w]);
  const statistics: Shape = [...x.shape.slice(0, -1), 1];
  const [y, inverse] = g.node('SimplifiedLayerNormalization', [x, w], { axis: -1, epsilon: { float: epsilon }, stash_type: 1 }, [same(x), { dtype: 'float32', shape: statistics }]);
  return { y, inverse };
}

/** Rotates the two halves of each head by the angles of its token.  x [1,T,heads·E], cos, sin [T,E/2].
 *  The runtime refuses tables shorter than T, so it is never given one by position: packed rows may be longer together than any position. */
export function rotate(g: Graph, x: Value, cos: Value, sin: Value): Value {
  if (x.shape.length !== 3 || cos.shape[0] !== x.shape[1] || !sameShape(cos.shape, sin.shape)) throw new ShapeError('RotaryEmbedding', 'needs [1,T,heads·E] and angles [T,E/2]', [x, cos, sin]);
  const first = g.ints(0);
  return g.node('RotaryEmbedding', [x, first, cos, sin], {}, [same(x)], 'com.microsoft')[0];
}

function reduceAxis(g: Graph, op: string, x: Value, axis: number): Value {
  return g.node(op, [x, g.ints(axis)], { keepdims: 1 }, [{ dtype: x.dtype, shape: x.shape.map((dim, i) => i === (axis + x.shape.length) % x.shape.length ? 1 : dim) }])[0];
}

function same(x: Value) { return { dtype: x.dtype, shape: x.shape }; }
