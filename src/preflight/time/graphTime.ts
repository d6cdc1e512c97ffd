/** Seconds that a graph takes on a machine whose speed was measured: each node by what it multiplies or by what it moves, whichever takes longer. */
import { bodyOf } from '../../engine/graph';
import type { Graph, GraphNode, Value } from '../../engine/graph';
import { BLOCKS } from '../../engine/ops';
import { type DimLengths, foldedValues, lengthOf, sizeOf, VIEWS } from '../memory/graphMemory';
import type { MachineSpeed } from './machineSpeed';
import { elementCount } from '../../shared/tensors';

const EIGHT_BIT_PRODUCT = 'MatMulIntegerToFloat';
const PRODUCTS = new Set(['Gemm', 'MatMul', 'FusedMatMul', EIGHT_BIT_PRODUCT]);
/** Ops that compute a series or a power for each element, beside moving it. */
const FUNCTIONS = new Set(['Exp', 'Log', 'Tanh', 'Sigmoid', 'Softmax', 'LogSoftmax', 'Pow', 'Sqrt', 'QuickGelu', 'Erf', 'Cos', 'Sin', 'SimplifiedLayerNormalization']);

/** What follows from constants alone is worked out once, before the first run, and costs nothing here. */
export function graphSeconds(graph: Graph, lengths: DimLengths, speed: MachineSpeed): number {
  const folded = foldedValues(graph);
  return graph.nodes.reduce((sum, node) => sum + (node.outputs.every(output => folded.has(output)) ? 0 : nodeSeconds(node, lengths, speed)), 0);
}

function nodeSeconds(node: GraphNode, lengths: DimLengths, speed: MachineSpeed): number {
  if (VIEWS.has(node.op)) return speed.nodeSeconds;
  const body = bodyOf(node);
  if (body) return lengthOf(BLOCKS, lengths) * graphSeconds(body, lengths, speed);
  const moved = [...node.inputs, ...node.outputs].reduce((sum, value) => sum + sizeOf(value, lengths), 0);
  const moving = moved / speed.bytesPerSecond;
  if (node.op === 'Attention') return speed.nodeSeconds + attentionSeconds(node, lengths, speed);
  if (PRODUCTS.has(node.op)) return speed.nodeSeconds + Math.max(productSeconds(node, lengths, speed), moving);
  const elements = node.outputs.reduce((sum, value) => sum + sizeOf(value, lengths) / 4, 0);
  return speed.nodeSeconds + (FUNCTIONS.has(node.op) ? elements / speed.functionsPerSecond : moving);
}

function productSeconds(node: GraphNode, lengths: DimLengths, speed: MachineSpeed): number {
  const [a, b] = node.inputs as [Value, Value];
  const output = node.outputs[0]!;
  const dims = (value: Value): number[] => value.shape.map(dim => (typeof dim === 'number' ? dim : lengthOf(dim, lengths)));
  const [aRows, aColumns] = dims(a).slice(-2) as [number, number];
  const inner = node.attributes.transA ? aRows : aColumns;
  const [rows, columns] = dims(output).slice(-2) as [number, number];
  const outputs = elementCount(dims(output));
  const rate = rateFor(Math.min(rows, columns, inner, ...dims(b).slice(-2)), speed);
  return (2 * outputs * inner) / (node.op === EIGHT_BIT_PRODUCT ? speed.eightBitGain * rate : rate);
}

/** Two products, and between them an exponential for each score. */
function attentionSeconds({ inputs: [q, , , mask], attributes }: GraphNode, lengths: DimLengths, speed: MachineSpeed): number {
  const heads = Number(attributes.q_num_heads), width = Number(q!.shape.at(-1));
  const pairs = sizeOf(mask!, lengths) / 4;
  return (4 * pairs * width) / rateFor(width / heads, speed) + (heads * pairs) / speed.functionsPerSecond;
}

/** By the shortest side, between the two measured products around it. */
export function rateFor(shortest: number, { products }: MachineSpeed): number {
  const above = products.findIndex(({ side }) => side >= shortest);
  if (above === -1) return products.at(-1)!.flopsPerSecond;
  if (above === 0) return products[0]!.flopsPerSecond;
  const low = products[above - 1]!, high = products[above]!;
  const share = Math.log(shortest / low.side) / Math.log(high.side / low.side);
  return low.flopsPerSecond * (high.flopsPerSecond / low.flopsPerSecond) ** share;
}
