/** A graph in the words that onnxruntime's WebGPU provider has. What it lacks it leaves to the CPU, between two copies; the ops that matter are
 *  therefore written otherwise, and mean the same. Nodes that are left (lengths, positions) handle a few numbers. */
import { add, addDims, bodyOf, cast, concat, dropUnused, exp, gatherRows, log, meanAxis, mul, scale, sub, sumAxis, transpose, type DType, type Graph, type GraphNode, type Shape, type Value } from '../graph';

type Rewrite = (g: Graph, node: GraphNode) => void;

/** By op; a rewrite pushes nodes whose last one makes the node's own output. */
const REWRITES: Readonly<Record<string, Rewrite>> = {
  FusedMatMul: plainMatMul,
  LogSoftmax: logSoftmaxInParts,
  LessOrEqual: compareAsInt32,
  Less: compareAsInt32,
  BitwiseXor: mixWithoutXor,
  ScatterElements: scatterByProduct,
  SimplifiedLayerNormalization: normWithOwnStatistics,
  Split: splitInFamilies,
};

export function rewriteForWebGpu(g: Graph): void {
  for (const node of g.nodes.splice(0)) {
    const body = bodyOf(node);
    if (body) rewriteForWebGpu(body);
    (REWRITES[node.op] ?? keep)(g, node);
  }
  dropUnused(g);
}

function keep(g: Graph, node: GraphNode): void { g.nodes.push(node); }

/** Ends a rewrite: the node that makes the value others read. */
function finish(g: Graph, { outputs }: GraphNode, op: string, inputs: readonly Value[], attributes: GraphNode['attributes'] = {}): void {
  g.nodes.push({ op, domain: '', inputs, outputs, attributes });
}

function plainMatMul(g: Graph, node: GraphNode): void {
  const { transA, transB, alpha } = node.attributes as { transA: number; transB: number; alpha: { float: number } };
  const turned = (x: Value, isTurned: number) => isTurned ? transpose(g, x, [...x.shape.keys()].map((axis, _, { length }) => axis < length - 2 ? axis : 2 * length - 3 - axis)) : x;
  const [a, b] = node.inputs;
  const [output] = node.outputs;
  // The factor goes where there is least to multiply.
  const factorOn = alpha.float === 1 ? undefined : [a, b, output].reduce((least, value) => isSmaller(value.shape, least.shape) ? value : least);
  const left = turned(factorOn === a ? scale(g, a, alpha.float) : a, transA);
  const right = turned(factorOn === b ? scale(g, b, alpha.float) : b, transB);
  if (factorOn !== output) return finish(g, node, 'MatMul', [left, right]);
  const [product] = g.node('MatMul', [left, right], {}, [{ dtype: output.dtype, shape: output.shape }]);
  finish(g, node, 'Mul', [product, g.scalar(alpha.float)]);
}

function isSmaller(a: Shape, b: Shape): boolean {
  const unknowns = (shape: Shape) => shape.filter(dim => typeof dim === 'string').length;
  const known = (shape: Shape) => shape.reduce<number>((product, dim) => typeof dim === 'number' ? product * dim : product, 1);
  return unknowns(a) !== unknowns(b) ? unknowns(a) < unknowns(b) : known(a) < known(b);
}

/** x − max − log Σ exp(x − max), over the last axis. */
function logSoftmaxInParts(g: Graph, node: GraphNode): void {
  const [x] = node.inputs;
  const [largest] = g.node('ReduceMax', [x, g.ints(-1)], { keepdims: 1 }, [{ dtype: x.dtype, shape: [...x.shape.slice(0, -1), 1] }]);
  const shifted = sub(g, x, largest);
  finish(g, node, 'Sub', [shifted, log(g, sumAxis(g, exp(g, shifted), -1))]);
}

/** Positions are int64, which shaders lack. */
function compareAsInt32(g: Graph, node: GraphNode): void {
  finish(g, node, node.op, node.inputs.map(value => value.dtype === 'int64' ? cast(g, value, 'int32') : value));
}

/** The provider writes its second output, 1/√(mean(x²) + ε), wrongly (onnxruntime 1.30): it is made beside it. */
function normWithOwnStatistics(g: Graph, node: GraphNode): void {
  const [x] = node.inputs;
  const [y, inverse] = node.outputs;
  g.nodes.push({ ...node, outputs: [y] });
  const { float: epsilon } = node.attributes.epsilon as { float: number };
  const [root] = g.node('Sqrt', [add(g, meanAxis(g, mul(g, x, x), -1), g.scalar(epsilon))], {}, [typeOf(inverse)]);
  finish(g, { ...node, outputs: [inverse] }, 'Reciprocal', [root]);
}

/** In dropout's mixer another step that loses no bit takes the place of the exclusive or: (a + b) · (2(a + b) + 1), as in RC6.
 *  Masks are as random, and others than the CPU's. */
function mixWithoutXor(g: Graph, node: GraphNode): void {
  const [a, b] = node.inputs;
  const [sum] = g.node('Add', [a, b], {}, [typeOf(node.outputs[0])]);
  const [twice] = g.node('Add', [sum, sum], {}, [typeOf(sum)]);
  const [odd] = g.node('Add', [twice, g.constant(Int32Array.of(1), [])], {}, [typeOf(sum)]);
  finish(g, node, 'Mul', [sum, odd]);
}

/** A shader sees eight buffers where the device promises no more: one is cut, so seven parts come out. */
const MOST_PARTS = 7;

/** Many parts are cut in two rounds or more: first into families of neighbours, then each of those. */
function splitInFamilies(g: Graph, node: GraphNode): void {
  const { inputs: [x, lengths], outputs, attributes } = node;
  if (outputs.length <= MOST_PARTS) return keep(g, node);
  const axis = Number(attributes.axis);
  const size = Math.ceil(outputs.length / MOST_PARTS);
  const families = Array.from({ length: Math.ceil(outputs.length / size) }, (_, i) => outputs.slice(i * size, (i + 1) * size));
  const lengthsOf = families.map((family, i) => gatherRows(g, lengths, g.ints(...family.map((_, at) => i * size + at))));
  const totals = concat(g, lengthsOf.map(some => g.node('ReduceSum', [some], { keepdims: 1 }, [{ dtype: 'int64', shape: [1] }])[0]), 0);
  const cut = g.node('Split', [x, totals], { axis }, families.map(family => ({
    dtype: x.dtype, shape: x.shape.map((dim, i) => i === axis ? addDims(...family.map(part => part.shape[axis])) : dim),
  })));
  families.forEach((family, i) => family.length === 1 ? finish(g, { ...node, outputs: family }, 'Identity', [cut[i]])
    : splitInFamilies(g, { ...node, inputs: [cut[i], lengthsOf[i]], outputs: family }));
}

/** Rows that are added at indices [N] are a product with the matrix [A,N] of ones where they belong: always summed in the same order, where the
 *  provider's own scatter adds from several threads at once. Only where A is a count of tokens: a table of all words would be too large. */
function scatterByProduct(g: Graph, node: GraphNode): void {
  const [zeros, everywhere, rows] = node.inputs;
  const made = (value: Value, op: string) => g.nodes.find(one => one.op === op && one.outputs[0] === value);
  const expanded = made(everywhere, 'Expand');
  const target = made(zeros, 'ConstantOfShape');
  if (node.attributes.axis !== 0 || !expanded || !target || typeof zeros.shape[0] === 'number') return keep(g, node);
  const column = expanded.inputs[0];
  const [count] = g.node('Gather', [target.inputs[0], g.constant(BigInt64Array.of(0n), [])], { axis: 0 }, [{ dtype: 'int64', shape: [] }]);
  const integer = (value: number) => g.constant(Int32Array.of(value), []);
  const [range] = g.node('Range', [integer(0), cast(g, count, 'int32'), integer(1)], {}, [{ dtype: 'int32', shape: [zeros.shape[0]] }]);
  const [isThere] = g.node('Equal', [cast(g, column, 'int32'), range], {}, [{ dtype: 'bool', shape: [column.shape[0], zeros.shape[0]] }]);
  finish(g, node, 'Gemm', [cast(g, isThere, rows.dtype), rows], { transA: 1 });
}

function typeOf({ dtype, shape }: Value): { dtype: DType; shape: Shape } { return { dtype, shape }; }
