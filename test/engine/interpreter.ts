/** Evaluates a Graph in float64, in plain TypeScript: what the runtime should compute, but for rounding. Truth values are 0 and 1. */
import { bodyOf, showShape, showValue, type Dim, type DType, type Graph, type GraphNode, type Value } from '../../src/engine/graph';

export interface NdArray { readonly shape: readonly number[]; readonly data: Float64Array }
type Kernel = (inputs: readonly NdArray[], node: GraphNode) => NdArray | NdArray[];

/** Outputs by name. `feeds` holds every input, and every initializer that lies in a file. Every stated shape is checked against the real one. */
export function interpret(graph: Graph, feeds: Readonly<Record<string, NdArray>>): Record<string, NdArray> {
  const known = new Map<Value, NdArray>();
  const named = new Map<string, number>();
  for (const initializer of graph.initializers) keep(known, named, initializer.value, 'data' in initializer ? constant(initializer.value, initializer.data) : feeds[initializer.value.name]);
  for (const value of graph.inputs) learnNames(value, feeds[value.name], named);
  for (const value of graph.inputs) keep(known, named, value, feeds[value.name]);
  run(graph, known, named, false);
  return Object.fromEntries(graph.outputs.map(value => [value.name, known.get(value)!]));
}

/** Fills `known` with what the nodes make. In a body the names of lengths mean what they meet first. */
function run(graph: Graph, known: Map<Value, NdArray>, named: Map<string, number>, isBody: boolean): void {
  for (const node of graph.nodes) {
    const inputs = node.inputs.map(value => known.get(value)!);
    const results = node.op === 'Loop' ? repeat(node, inputs, known, named) : [kernelOf(node)(inputs, node)].flat();
    node.outputs.forEach((value, i) => {
      if (isBody) learnNames(value, results[i], named);
      keep(known, named, value, results[i]);
    });
  }
}

function repeat(node: GraphNode, [count, goesOn, ...carried]: NdArray[], known: Map<Value, NdArray>, named: Map<string, number>): NdArray[] {
  const body = bodyOf(node)!;
  let values = carried;
  for (let turn = 0; turn < count.data[0]; turn++) {
    const [inside, names] = [new Map(known), new Map(named)];
    const given = [{ shape: [], data: Float64Array.of(turn) }, goesOn, ...values];
    body.inputs.forEach((value, i) => {
      learnNames(value, given[i], names);
      keep(inside, names, value, given[i]);
    });
    run(body, inside, names, true);
    values = body.outputs.slice(1).map(value => inside.get(value)!);
  }
  return values;
}

function kernelOf(node: GraphNode): Kernel {
  const name = node.domain === '' ? node.op : `${node.domain}.${node.op}`;
  const kernel = KERNELS[name];
  if (!kernel) throw new Error(`interpreter: knows no op "${name}"`);
  return kernel;
}

function keep(known: Map<Value, NdArray>, named: ReadonlyMap<string, number>, value: Value, array: NdArray | undefined): void {
  if (!array) throw new Error(`interpreter: nothing fed for ${showValue(value)}`);
  checkShape(value, array, named);
  known.set(value, array);
}

const KERNELS: Readonly<Record<string, Kernel>> = {
  Neg: unary(x => -x), Exp: unary(Math.exp), Log: unary(Math.log), Tanh: unary(Math.tanh), Relu: unary(x => Math.max(x, 0)),
  Sigmoid: unary(sigmoid), Softplus: unary(x => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)))), Identity: ([x]) => x,
  'com.microsoft.QuickGelu': ([x], node) => map(x, entry => entry * sigmoid(number(node, 'alpha', 1.702) * entry)),
  Add: binary((a, b) => a + b), Sub: binary((a, b) => a - b), Mul: binary((a, b) => a * b, Math.imul), Div: binary((a, b) => a / b, (a, b) => Math.trunc(a / b)),
  Min: binary(Math.min), BitwiseXor: binary((a, b) => a ^ b), And: binary((a, b) => a && b),
  Equal: binary((a, b) => Number(a === b)), Less: binary((a, b) => Number(a < b)), LessOrEqual: binary((a, b) => Number(a <= b)),
  Where: ([c, a, b]) => generate(common(common(c.shape, a.shape), b.shape), at => entryAt(c, at) ? entryAt(a, at) : entryAt(b, at)),
  Cast: ([x], node) => map(x, CASTS[node.outputs[0].dtype]),

  Gemm([a, b, plus], node) {
    const product = matmul(a, b, node);
    return plus ? generate(product.shape, at => entryAt(product, at) + number(node, 'beta', 1) * entryAt(plus, at)) : product;
  },
  'com.microsoft.FusedMatMul': ([a, b], node) => matmul(a, b, node),

  Reshape([x, to]) {
    const kept = [...to.data].map((size, axis) => size === 0 ? x.shape[axis] : size);
    const rest = x.data.length / -count(kept);
    return { shape: kept.map(size => size === -1 ? rest : size), data: x.data };
  },
  Transpose([x], node) {
    const order = node.attributes.perm as readonly number[];
    return generate(order.map(axis => x.shape[axis]), at => entryAt(x, x.shape.map((_, axis) => at[order.indexOf(axis)])));
  },
  Concat(parts, node) {
    const axis = number(node, 'axis');
    const total = parts.reduce((sum, part) => sum + part.shape[axis], 0);
    return generate(parts[0].shape.with(axis, total), at => {
      let place = at[axis];
      const part = parts.find(({ shape }) => place < shape[axis] || (place -= shape[axis], false))!;
      return exactlyAt(part, at.with(axis, place));
    });
  },
  Split([x, lengths], node) {
    const axis = number(node, 'axis');
    let end = 0;
    return [...lengths.data].map(length => {
      const start = end;
      end += length;
      return generate(x.shape.with(axis, length), at => exactlyAt(x, at.with(axis, start + at[axis])));
    });
  },
  Slice([x, starts, ends, axes]) {
    return [...axes.data].reduce((cut, axis, i) => {
      const [start, end] = [starts, ends].map(({ data }) => Math.max(0, Math.min(data[i] < 0 ? data[i] + x.shape[axis] : data[i], x.shape[axis])));
      return generate(cut.shape.with(axis, Math.max(0, end - start)), at => exactlyAt(cut, at.with(axis, start + at[axis])));
    }, x);
  },
  Range: ([start, end, step]) => ({ shape: [(end.data[0] - start.data[0]) / step.data[0]], data: Float64Array.from({ length: (end.data[0] - start.data[0]) / step.data[0] }, (_, i) => start.data[0] + i * step.data[0]) }),
  Gather([x, indices], node) {
    const axis = number(node, 'axis');
    const rank = indices.shape.length;
    return generate([...x.shape.slice(0, axis), ...indices.shape, ...x.shape.slice(axis + 1)],
      at => exactlyAt(x, [...at.slice(0, axis), entryAt(indices, at.slice(axis, axis + rank)), ...at.slice(axis + rank)]));
  },
  GatherElements([x, indices], node) {
    const axis = number(node, 'axis');
    return generate(indices.shape, at => exactlyAt(x, at.with(axis, entryAt(indices, at))));
  },
  ScatterElements([x, indices, updates], node) {
    if (node.attributes.reduction !== 'add') throw new Error('interpreter: ScatterElements only adds');
    const axis = number(node, 'axis');
    const data = x.data.slice();
    generate(indices.shape, at => data[offsetOf(x, at.with(axis, exactlyAt(indices, at)))] += exactlyAt(updates, at));
    return { shape: x.shape, data };
  },
  ScatterND([x, indices, updates], node) {
    if (node.attributes.reduction !== 'add' || indices.shape.at(-1) !== 1) throw new Error('interpreter: ScatterND only adds whole rows');
    const [data, row] = [x.data.slice(), x.data.length / x.shape[0]];
    if (new Set(indices.data).size < indices.data.length) throw new Error('interpreter: ScatterND\'s rows come twice, which onnxruntime adds in several threads');
    indices.data.forEach((place, i) => { for (let at = 0; at < row; at++) data[place * row + at] += updates.data[i * row + at]; });
    return { shape: x.shape, data };
  },
  ConstantOfShape: ([sizes]) => generate([...sizes.data], () => 0),
  Expand: ([x, sizes]) => generate(common(x.shape, [...sizes.data]), at => entryAt(x, at)),
  Unsqueeze: ([x, axis]) => ({ shape: x.shape.toSpliced(axis.data[0], 0, 1), data: x.data }),
  Squeeze: ([x, axis]) => ({ shape: x.shape.toSpliced(axis.data[0], 1), data: x.data }),
  Shape: ([x]) => ({ shape: [x.shape.length], data: Float64Array.from(x.shape) }),

  ReduceSum: ([x, axes], node) => reduce(x, axes, node, false),
  ReduceMean: ([x, axes], node) => reduce(x, axes, node, true),
  ReduceMax([x, axes]) {
    const axis = (axes.data[0] + x.shape.length) % x.shape.length;
    return generate(x.shape.with(axis, 1), at => Math.max(...Array.from({ length: x.shape[axis] }, (_, i) => exactlyAt(x, at.with(axis, i)))));
  },
  Softmax: ([x], node) => overLast(x, number(node, 'axis'), row => logSoftmax(row).map(Math.exp)),
  LogSoftmax: ([x], node) => overLast(x, number(node, 'axis'), logSoftmax),
  SimplifiedLayerNormalization([x, w], node) {
    const squares = overLast(x, number(node, 'axis'), row => row.map(entry => entry * entry / row.length));
    const mean = sumOver(squares, [x.shape.length - 1]);
    const inverse = map(mean, entry => 1 / Math.sqrt(entry + number(node, 'epsilon')));
    return [generate(x.shape, at => entryAt(x, at) * entryAt(inverse, at) * entryAt(w, at)), inverse];
  },
  /** Heads beside each other in a row. */
  Attention([q, k, v, mask], node) {
    const [heads, kvHeads, scale, softcap] = [number(node, 'q_num_heads'), number(node, 'kv_num_heads'), number(node, 'scale'), number(node, 'softcap', 0)];
    const size = q.shape[2] / heads;
    const keyHead = (head: number) => Math.floor(head * kvHeads / heads) * size;
    const weights = overLast(generate([heads, q.shape[1], k.shape[1]], ([head, row, key]) => {
      let score = 0;
      for (let i = 0; i < size; i++) score += scale * exactlyAt(q, [0, row, head * size + i]) * exactlyAt(k, [0, key, keyHead(head) + i]);
      return (softcap > 0 ? softcap * Math.tanh(score / softcap) : score) + exactlyAt(mask, [row, key]);
    }), -1, row => logSoftmax(row).map(Math.exp));
    return generate(q.shape, ([, row, column]) => {
      const head = Math.floor(column / size);
      let sum = 0;
      for (let key = 0; key < k.shape[1]; key++) sum += exactlyAt(weights, [head, row, key]) * exactlyAt(v, [0, key, keyHead(head) + column % size]);
      return sum;
    });
  },
  /** Halves of a head, not neighbours: [a, b] → [a·cos − b·sin, b·cos + a·sin]. */
  'com.microsoft.RotaryEmbedding'([x, start, cos, sin]) {
    const half = cos.shape[1];
    return generate(x.shape, ([row, token, column]) => {
      const angle = [start.data[0] + token, column % half];
      const first = column % (2 * half) < half;
      const other = exactlyAt(x, [row, token, first ? column + half : column - half]);
      return exactlyAt(x, [row, token, column]) * exactlyAt(cos, angle) + (first ? -other : other) * exactlyAt(sin, angle);
    });
  },
};

const whole = (x: number) => Math.trunc(x);
const CASTS: Record<DType, (x: number) => number> = { float32: x => x, float16: x => x, bfloat16: x => x, uint8: x => whole(x) & 255, int8: x => whole(x) << 24 >> 24, int32: whole, int64: whole, bool: x => Number(x !== 0) };

function unary(f: (x: number) => number): Kernel { return ([x]) => map(x, f); }

/** `int32` is how two whole numbers of 32 bits meet, where that is another thing; results of them wrap. */
function binary(f: (a: number, b: number) => number, int32 = f): Kernel {
  return ([a, b], node) => {
    const combine = node.inputs[0].dtype === 'int32' ? (x: number, y: number) => int32(x, y) | 0 : f;
    return generate(common(a.shape, b.shape), at => combine(entryAt(a, at), entryAt(b, at)));
  };
}

/** alpha · a·b over the last two axes, the axes before being equal. */
function matmul(a: NdArray, b: NdArray, node: GraphNode): NdArray {
  const [transA, transB, alpha] = [number(node, 'transA', 0), number(node, 'transB', 0), number(node, 'alpha', 1)];
  const [rowsA, columnsA] = a.shape.slice(-2);
  const [rowsB, columnsB] = b.shape.slice(-2);
  const [m, inner] = transA ? [columnsA, rowsA] : [rowsA, columnsA];
  const n = transB ? rowsB : columnsB;
  const shape = [...a.shape.slice(0, -2), m, n];
  const data = new Float64Array(count(shape));
  for (let out = 0; out < data.length; out++) {
    const [batch, row, column] = [Math.floor(out / (m * n)), Math.floor(out / n) % m, out % n];
    const batchB = batchOf(b, a.shape.slice(0, -2), batch);
    let sum = 0;
    for (let k = 0; k < inner; k++)
      sum += a.data[batch * m * inner + (transA ? k * m + row : row * inner + k)] * b.data[batchB * inner * n + (transB ? column * inner + k : k * n + column)];
    data[out] = alpha * sum;
  }
  return { shape, data };
}

/** Which matrix of b, whose axes before the last two may be 1, meets the `batch`-th of these axes. */
function batchOf(b: NdArray, axes: readonly number[], batch: number): number {
  let [rest, place, stride] = [batch, 0, 1];
  for (let axis = axes.length - 1; axis >= 0; axis--) {
    const size = b.shape[axis];
    place += (size === 1 ? 0 : rest % axes[axis]) * stride;
    stride *= size;
    rest = Math.floor(rest / axes[axis]);
  }
  return place;
}

function reduce(x: NdArray, axesInput: NdArray | undefined, node: GraphNode, mean: boolean): NdArray {
  const axes = axesInput ? [...axesInput.data].map(axis => (axis + x.shape.length) % x.shape.length) : x.shape.map((_, axis) => axis);
  const sum = sumOver(x, axes);
  const scaled = mean ? map(sum, entry => entry * sum.data.length / x.data.length) : sum;
  return number(node, 'keepdims', 1) ? scaled : { shape: x.shape.filter((_, axis) => !axes.includes(axis)), data: scaled.data };
}

/** Summed axes stay, as 1. */
function sumOver(x: NdArray, axes: readonly number[]): NdArray {
  const sum = generate(x.shape.map((size, axis) => axes.includes(axis) ? 1 : size), () => 0);
  generate(x.shape, at => sum.data[offsetOf(sum, at)] += entryAt(x, at));
  return sum;
}

function overLast(x: NdArray, axis: number, f: (row: Float64Array) => Float64Array): NdArray {
  if (axis !== -1) throw new Error(`interpreter: only the last axis, not ${axis}`);
  const length = x.shape[x.shape.length - 1];
  const data = new Float64Array(x.data.length);
  for (let start = 0; start < data.length; start += length) data.set(f(x.data.slice(start, start + length)), start);
  return { shape: x.shape, data };
}

function logSoftmax(row: Float64Array): Float64Array {
  const highest = Math.max(...row);
  const total = Math.log(row.reduce((sum, entry) => sum + Math.exp(entry - highest), 0));
  return row.map(entry => entry - highest - total);
}

function sigmoid(x: number): number { return 1 / (1 + Math.exp(-x)); }

function number(node: GraphNode, name: string, otherwise?: number): number {
  const value = node.attributes[name] ?? otherwise;
  if (typeof value === 'number') return value;
  if (typeof value === 'object' && 'float' in value) return value.float;
  throw new Error(`interpreter: ${node.op} needs a number "${name}"`);
}

function constant(value: Value, data: Float32Array | Int32Array | BigInt64Array): NdArray {
  return { shape: value.shape.map(Number), data: Float64Array.from<number | bigint>(data, Number) };
}

function count(shape: readonly number[]): number { return shape.reduce((product, size) => product * size, 1); }

function map(x: NdArray, f: (entry: number) => number): NdArray { return { shape: x.shape, data: x.data.map(f) }; }

/** An array from its entry at each index, in order. */
function generate(shape: readonly number[], entry: (at: readonly number[]) => number): NdArray {
  const data = new Float64Array(count(shape));
  const at = shape.map(() => 0);
  for (let i = 0; i < data.length; i++) {
    data[i] = entry(at);
    for (let axis = shape.length - 1; axis >= 0 && ++at[axis] === shape[axis]; axis--) at[axis] = 0;
  }
  return { shape, data };
}

function common(a: readonly number[], b: readonly number[]): number[] {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, i) => {
    const [x, y] = [a[a.length - rank + i] ?? 1, b[b.length - rank + i] ?? 1];
    if (x !== y && x !== 1 && y !== 1) throw new Error(`interpreter: [${a}] and [${b}] do not broadcast`);
    return x === 1 ? y : x;
  });
}

/** Where the entry lies that x shows at an index of an array it broadcasts to. */
function offsetOf(x: NdArray, at: readonly number[]): number {
  const skipped = at.length - x.shape.length;
  return x.shape.reduce((offset, size, axis) => offset * size + (size === 1 ? 0 : at[skipped + axis]), 0);
}

function entryAt(x: NdArray, at: readonly number[]): number { return x.data[offsetOf(x, at)]; }

/** As entryAt, but an index outside throws. */
function exactlyAt(x: NdArray, at: readonly number[]): number {
  if (at.some((place, axis) => place < 0 || place >= x.shape[axis])) throw new Error(`interpreter: [${at}] lies outside [${x.shape}]`);
  return entryAt(x, at);
}

/** A plain name means what it meant first; all else must then come out right. */
function learnNames(value: Value, array: NdArray | undefined, named: Map<string, number>): void {
  value.shape.forEach((dim, axis) => {
    if (typeof dim === 'string' && /^[^+()]+$/.test(dim) && !named.has(dim) && array) named.set(dim, array.shape[axis]);
  });
}

function checkShape(value: Value, array: NdArray, named: ReadonlyMap<string, number>): void {
  const fits = value.shape.length === array.shape.length && value.shape.every((dim, axis) => sizeOf(dim, named) === array.shape[axis]);
  if (!fits || count(array.shape) !== array.data.length) throw new Error(`interpreter: ${showValue(value)} is ${showShape(array.shape)}, ${array.data.length} numbers`);
}

/** `a+2(b)+3` with a and b known. */
function sizeOf(dim: Dim, named: ReadonlyMap<string, number>): number {
  return String(dim).split('+').reduce((sum, term) => {
    const [, factor = '1', name = term] = /^(\d+)\((.*)\)$/.exec(term) ?? [];
    return sum + Number(factor) * (/^\d+$/.test(name) ? Number(name) : named.get(name) ?? NaN);
  }, 0);
}
