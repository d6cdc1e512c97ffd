/** ONNX nodes that work element by element, with broadcasting. */
import { broadcast } from './dims';
import { ShapeError, type DType, type Graph, type Value } from './graph';

export function add(g: Graph, a: Value, b: Value): Value { return binary(g, 'Add', a, b); }
export function sub(g: Graph, a: Value, b: Value): Value { return binary(g, 'Sub', a, b); }
export function mul(g: Graph, a: Value, b: Value): Value { return binary(g, 'Mul', a, b); }
export function div(g: Graph, a: Value, b: Value): Value { return binary(g, 'Div', a, b); }
export function min(g: Graph, a: Value, b: Value): Value { return binary(g, 'Min', a, b); }
export function max(g: Graph, a: Value, b: Value): Value { return binary(g, 'Max', a, b); }
export function lessOrEqual(g: Graph, a: Value, b: Value): Value { return binary(g, 'LessOrEqual', a, b, 'bool'); }
export function less(g: Graph, a: Value, b: Value): Value { return binary(g, 'Less', a, b, 'bool'); }
export function and(g: Graph, a: Value, b: Value): Value { return binary(g, 'And', a, b); }
export function xor(g: Graph, a: Value, b: Value): Value { return binary(g, 'BitwiseXor', a, b); }

export function scale(g: Graph, x: Value, factor: number): Value { return factor === 1 ? x : mul(g, x, g.scalar(factor)); }
export function neg(g: Graph, x: Value): Value { return unary(g, 'Neg', x); }
export function exp(g: Graph, x: Value): Value { return unary(g, 'Exp', x); }
export function log(g: Graph, x: Value): Value { return unary(g, 'Log', x); }
export function tanh(g: Graph, x: Value): Value { return unary(g, 'Tanh', x); }
export function relu(g: Graph, x: Value): Value { return unary(g, 'Relu', x); }
export function sigmoid(g: Graph, x: Value): Value { return unary(g, 'Sigmoid', x); }
export function softplus(g: Graph, x: Value): Value { return unary(g, 'Softplus', x); }

/** x · sigmoid(x), one pass. */
export function silu(g: Graph, x: Value): Value {
  return g.node('QuickGelu', [x], { alpha: { float: 1 } }, [{ dtype: x.dtype, shape: x.shape }], 'com.microsoft')[0];
}

export function where(g: Graph, condition: Value, a: Value, b: Value): Value {
  const both = broadcast(a.shape, b.shape);
  const shape = both && broadcast(condition.shape, both);
  if (!shape || condition.dtype !== 'bool' || a.dtype !== b.dtype) throw new ShapeError('Where', 'does not fit', [condition, a, b]);
  return g.node('Where', [condition, a, b], {}, [{ dtype: a.dtype, shape }])[0];
}

export function cast(g: Graph, x: Value, dtype: DType): Value {
  const to = { float32: 1, float16: 10, bfloat16: 16, uint8: 2, int8: 3, int32: 6, int64: 7, bool: 9 }[dtype];
  return x.dtype === dtype ? x : g.node('Cast', [x], { to }, [{ dtype, shape: x.shape }])[0];
}

function unary(g: Graph, op: string, x: Value): Value {
  return g.node(op, [x], {}, [{ dtype: x.dtype, shape: x.shape }])[0];
}

function binary(g: Graph, op: string, a: Value, b: Value, dtype: DType = a.dtype): Value {
  const shape = broadcast(a.shape, b.shape);
  if (!shape) throw new ShapeError(op, 'shapes do not broadcast', [a, b]);
  if (a.dtype !== b.dtype) throw new ShapeError(op, 'types differ', [a, b]);
  return g.node(op, [a, b], {}, [{ dtype, shape }])[0];
}
