/** ONNX nodes that move, cut or join, without arithmetic. */
import { addDims, sameShape, type Dim, type Shape } from './dims';
import { ShapeError, type Graph, type Value } from './graph';

/** `onnxShape` is what ONNX's Reshape takes: 0 keeps the axis of the same index, -1 is what is left. `shape` is the result as we state it. */
export function reshape(g: Graph, x: Value, onnxShape: readonly number[], shape: Shape): Value {
  if (onnxShape.length !== shape.length) throw new ShapeError('Reshape', `states ${shape.length} axes for ${onnxShape.length}`, [x]);
  onnxShape.forEach((size, axis) => {
    if (size === 0 ? shape[axis] !== x.shape[axis] : size > 0 && shape[axis] !== size) throw new ShapeError('Reshape', `axis ${axis} is not ${shape[axis]}`, [x]);
  });
  return g.node('Reshape', [x, g.ints(...onnxShape)], {}, [{ dtype: x.dtype, shape }])[0];
}

export function transpose(g: Graph, x: Value, order: readonly number[]): Value {
  if (order.length !== x.shape.length) throw new ShapeError('Transpose', `order [${order.join(',')}] does not fit`, [x]);
  return g.node('Transpose', [x], { perm: order }, [{ dtype: x.dtype, shape: order.map(axis => x.shape[axis]) }])[0];
}

export function concat(g: Graph, parts: readonly Value[], axis: number): Value {
  if (parts.length === 1) return parts[0];
  const [first] = parts;
  const others = (shape: Shape) => shape.filter((_, i) => i !== axis);
  if (parts.some(part => part.dtype !== first.dtype || !sameShape(others(part.shape), others(first.shape)))) throw new ShapeError('Concat', `parts differ outside axis ${axis}`, parts);
  const shape = first.shape.map((dim, i) => i === axis ? addDims(...parts.map(part => part.shape[axis])) : dim);
  return g.node('Concat', parts, { axis }, [{ dtype: first.dtype, shape }])[0];
}

/** Cuts an axis into parts of the given sizes; `lengths` int64 [parts] holds them at run time. */
export function split(g: Graph, x: Value, lengths: Value, sizes: readonly Dim[], axis: number): Value[] {
  if (sizes.length === 1) return [x];
  if (x.shape[axis] !== addDims(...sizes)) throw new ShapeError('Split', `sizes ${sizes.join(' + ')} do not make up axis ${axis}`, [x]);
  return g.node('Split', [x, lengths], { axis }, sizes.map(size => ({ dtype: x.dtype, shape: x.shape.map((dim, i) => i === axis ? size : dim) })));
}

/** Entries `start` … `end` − 1 of an axis, int64 [1] each, at run time; `size` is how many they are. */
export function slice(g: Graph, x: Value, start: Value, end: Value, axis: number, size: Dim): Value {
  return g.node('Slice', [x, start, end, g.ints(axis)], {}, [{ dtype: x.dtype, shape: x.shape.map((dim, i) => i === axis ? size : dim) }])[0];
}

/** x under the same shape, but not before `after` is known. Costs no pass over either: the runtime takes a reshape as the same memory. */
export function tieTo(g: Graph, x: Value, after: Value): Value {
  const nothing = g.node('Mul', [g.node('ReduceSum', [shapeOf(g, after)], { keepdims: 1 }, [{ dtype: 'int64', shape: [1] }])[0], g.ints(0)], {}, [{ dtype: 'int64', shape: [1] }])[0];
  const shape = g.node('Add', [shapeOf(g, x), nothing], {}, [{ dtype: 'int64', shape: [x.shape.length] }])[0];
  return g.node('Reshape', [x, shape], {}, [{ dtype: x.dtype, shape: x.shape }])[0];
}

/** Cuts an axis of known size into parts of known sizes. */
export function splitSizes(g: Graph, x: Value, sizes: readonly number[], axis: number): Value[] {
  return split(g, x, g.ints(...sizes), sizes, axis);
}

/** Rows of x [A,…] at indices int64 [N] → [N,…]. */
export function gatherRows(g: Graph, x: Value, indices: Value): Value {
  if (indices.shape.length !== 1 || indices.dtype !== 'int64') throw new ShapeError('Gather', 'needs int64 indices [N]', [x, indices]);
  return g.node('Gather', [x, indices], { axis: 0 }, [{ dtype: x.dtype, shape: [indices.shape[0], ...x.shape.slice(1)] }])[0];
}

/** x [N,V], indices int64 [N,1] → [N,1]. */
export function gatherColumns(g: Graph, x: Value, indices: Value): Value {
  return g.node('GatherElements', [x, indices], { axis: 1 }, [{ dtype: x.dtype, shape: indices.shape }])[0];
}

/** Adds rows [N,D] into zeros of `like`'s shape [A,D], at indices int64 [N]; rows that meet are summed in order.
 *  ScatterElements, since onnxruntime's ScatterND adds from several threads at once and loses sums where indices repeat. */
export function scatterAddRows(g: Graph, like: Value, indices: Value, rows: Value): Value {
  const columns = rows.shape[1];
  if (like.shape.length !== 2 || rows.shape.length !== 2 || like.shape[1] !== columns) throw new ShapeError('ScatterElements', 'needs [A,D] and [N,D]', [like, rows]);
  const zeros = g.node('ConstantOfShape', [shapeOf(g, like)], {}, [{ dtype: 'float32', shape: like.shape }])[0];
  const column = g.node('Unsqueeze', [indices, g.ints(1)], {}, [{ dtype: 'int64', shape: [indices.shape[0], 1] }])[0];
  const everywhere = g.node('Expand', [column, shapeOf(g, rows)], {}, [{ dtype: 'int64', shape: rows.shape }])[0];
  return g.node('ScatterElements', [zeros, everywhere, rows], { axis: 0, reduction: 'add' }, [{ dtype: 'float32', shape: like.shape }])[0];
}

export function unsqueeze(g: Graph, x: Value, axis: number): Value {
  return g.node('Unsqueeze', [x, g.ints(axis)], {}, [{ dtype: x.dtype, shape: [...x.shape.slice(0, axis), 1, ...x.shape.slice(axis)] }])[0];
}

/** Undoes unsqueeze: an axis of size 1 goes. */
export function squeeze(g: Graph, x: Value, axis: number): Value {
  if (x.shape[axis] !== 1) throw new ShapeError('Squeeze', `axis ${axis} is not 1`, [x]);
  return g.node('Squeeze', [x, g.ints(axis)], {}, [{ dtype: x.dtype, shape: x.shape.filter((_, i) => i !== axis) }])[0];
}

export function shapeOf(g: Graph, x: Value): Value {
  return g.node('Shape', [x], {}, [{ dtype: 'int64', shape: [x.shape.length] }])[0];
}

/** start … end − 1, int64 [size], from int64 []. */
export function range(g: Graph, start: Value, end: Value, size: Dim): Value {
  return g.node('Range', [start, end, g.constant(BigInt64Array.of(1n), [])], {}, [{ dtype: 'int64', shape: [size] }])[0];
}
