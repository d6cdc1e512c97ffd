/** Weights that stay in 4 bits: decoded beside each product that reads them, and gone after it. */
import { ShapeError, type Graph, type GraphNode, type Value } from './graph';
import { NF4_BLOCK, NF4_VALUES } from '../../shared/nf4';
import { add, mul } from './elementwise';
import { reshape, shapeOf } from './layout';
import { elementCount } from '../../shared/tensors';

/** Stands for a decoding until decodeWhereUsed() writes it out. */
const STAND_IN = 'merlina';

/** `codes` uint8 [⌈n/64⌉·32], two a byte with the first in the high half, and `scales` float32 [⌈n/64⌉,1], for the n values of `shape`, flattened.
 *  The value can be read as any other; every reader gets a decoding of its own. */
export function packedWeight(g: Graph, codes: Value, scales: Value, shape: readonly number[]): Value {
  const blocks = Math.ceil(elementCount(shape) / NF4_BLOCK);
  if (codes.dtype !== 'uint8' || codes.shape[0] !== (blocks * NF4_BLOCK) / 2 || scales.shape[0] !== blocks) throw new ShapeError('NF4', `does not hold [${shape.join(',')}]`, [codes, scales]);
  return g.node('DecodeNf4', [codes, scales], {}, [{ dtype: 'float32', shape }], STAND_IN)[0];
}

/** Writes a decoding before each node that reads a packed weight. It is tied to the other inputs of that node: onnxruntime works out what depends on
 *  constants alone when it loads the model, and would share one decoding among all readers, and hold it from the forward to the backward; and in a
 *  sum of products it would decode the weights of all before it multiplies by the first. */
export function decodeWhereUsed(g: Graph): void {
  const standIns = new Map<Value, GraphNode>();
  const ties = new Map<Value, Value>();
  for (const node of g.nodes.splice(0)) {
    if (node.domain === STAND_IN) {
      standIns.set(node.outputs[0], node);
      continue;
    }
    const packed = node.inputs.filter(input => standIns.has(input));
    if (packed.length === 0) {
      g.nodes.push(node);
      continue;
    }
    const others = node.inputs.filter(input => !standIns.has(input));
    if (others.length === 0) throw new ShapeError(node.op, 'reads packed weights only, so nothing says when to decode them', packed);
    const zero = others.map(other => {
      const tie = ties.get(other) ?? zeroOf(g, other);
      ties.set(other, tie);
      return tie;
    }).reduce((sum, tie) => add(g, sum, tie));
    const inputs = node.inputs.map(input => {
      const standIn = standIns.get(input);
      return standIn ? decode(g, standIn, zero) : input;
    });
    g.nodes.push({ ...node, inputs });
  }
}

/** int64 [1]: 0, known as soon as `x` is. */
function zeroOf(g: Graph, x: Value): Value {
  const sum = g.node('ReduceSum', [shapeOf(g, x)], { keepdims: 1 }, [{ dtype: 'int64', shape: [1] }])[0];
  return mul(g, sum, g.ints(0));
}

/** A byte at a time: its two values stand side by side in a table of 256 pairs. */
function decode(g: Graph, { inputs: [codes, scales], outputs: [{ shape }] }: GraphNode, zero: Value): Value {
  const [bytes, blocks] = [Number(codes.shape[0]), Number(scales.shape[0])];
  const size = g.node('Add', [zero, g.ints(bytes)], {}, [{ dtype: 'int64', shape: [1] }])[0];
  const tied = g.node('Reshape', [codes, size], {}, [{ dtype: 'uint8', shape: [bytes] }])[0];
  const indices = g.node('Cast', [tied], { to: 6 }, [{ dtype: 'int32', shape: [bytes] }])[0];
  const pairs = g.node('Gather', [pairTable(g), indices], { axis: 0 }, [{ dtype: 'float32', shape: [bytes, 2] }])[0];
  const scaled = mul(g, reshape(g, pairs, [-1, NF4_BLOCK], [blocks, NF4_BLOCK]), scales);
  const count = elementCount(shape.map(Number));
  const flat = reshape(g, scaled, [-1], [blocks * NF4_BLOCK]);
  const cut = count === blocks * NF4_BLOCK ? flat : g.node('Slice', [flat, g.ints(0), g.ints(count)], {}, [{ dtype: 'float32', shape: [count] }])[0];
  return reshape(g, cut, shape.map(Number), shape);
}

const tables = new WeakMap<Graph, Value>();

function pairTable(g: Graph): Value {
  const known = tables.get(g);
  if (known) return known;
  const pairs = Float32Array.from({ length: 512 }, (_, i) => NF4_VALUES[i % 2 === 0 ? i >> 5 : (i >> 1) & 15]);
  const made = g.constant(pairs, [256, 2], 'nf4.pairs');
  tables.set(g, made);
  return made;
}
