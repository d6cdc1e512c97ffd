/** The most memory that a graph's values take at a time, when it runs in the order in which onnxruntime runs it. */
import { bodyOf, readsOf } from '../../engine/graph';
import type { Graph, GraphNode, Value } from '../../engine/graph';

/** Length of each named dimension. */
export type DimLengths = ReadonlyMap<string, number>;

export interface GraphMemory {
  /** Highest sum of the values that exist at a time, graph inputs, initializers and what is worked out of them aside. */
  readonly peakBytes: number;
  /** Of those at that moment, what is as wide as the vocabulary. */
  readonly vocabularyBytes: number;
  /** The graph's results, which exist at the end. */
  readonly outputBytes: number;
  /** Nodes that run: what is worked out beforehand is not among them. */
  readonly nodeCount: number;
}

const ELEMENT_BYTES: Readonly<Record<Value['dtype'], number>> = { float32: 4, float16: 2, bfloat16: 2, uint8: 1, int8: 1, int32: 4, int64: 8, bool: 1 };
/** Ops whose result is their first input under another shape. */
export const VIEWS = new Set(['Reshape', 'Unsqueeze', 'Squeeze', 'Identity', 'Flatten']);
/** Ops that may write over an input of the same size that nothing needs any more. */
const IN_PLACE = new Set(['Add', 'Sub', 'Mul', 'Div', 'Neg', 'Exp', 'Log', 'Tanh', 'Relu', 'Sigmoid', 'Where']);

export function graphMemory(graph: Graph, lengths: DimLengths, vocabSize: number): GraphMemory {
  const folded = foldedValues(graph);
  const made = new Set(graph.nodes.flatMap(node => node.outputs).filter(output => !folded.has(output)));
  const buffers = bufferOf(graph);
  const uses = new Map<Value, number>();
  const buffer = (value: Value): Value => buffers.get(value) ?? value;
  for (const node of graph.nodes) for (const input of readsOf(node)) add(uses, buffer(input), 1);
  for (const output of graph.outputs) add(uses, buffer(output), 1);

  let live = 0, liveVocabulary = 0, peakBytes = 0, vocabularyBytes = 0;
  const change = (value: Value, sign: 1 | -1): void => {
    const bytes = sign * sizeOf(value, lengths);
    live += bytes;
    if (value.shape.at(-1) === vocabSize && value.shape.length === 2) liveVocabulary += bytes;
  };
  for (const node of executionOrder(graph)) {
    const reads = readsOf(node);
    const inputs = [...new Set(reads.map(buffer))].filter(value => made.has(value));
    const own = node.outputs.filter(output => buffer(output) === output && made.has(output));
    for (const input of reads) add(uses, buffer(input), -1);
    const dying = inputs.filter(input => uses.get(input) === 0);
    const overwritten = IN_PLACE.has(node.op) && own.length === 1 ? dying.find(input => sizeOf(input, lengths) === sizeOf(own[0]!, lengths)) : undefined;
    if (overwritten) change(overwritten, -1);
    const body = bodyOf(node);
    const inside = body ? turnBytes(body, lengths, vocabSize) : scratchBytes(node, lengths);
    for (const output of own) change(output, 1);
    live += inside;
    if (live > peakBytes) [peakBytes, vocabularyBytes] = [live, liveVocabulary];
    live -= inside;
    for (const value of [...dying.filter(input => input !== overwritten), ...own.filter(output => !uses.has(output))]) change(value, -1);
  }
  return { peakBytes, vocabularyBytes, outputBytes: graph.outputs.reduce((sum, value) => sum + sizeOf(value, lengths), 0), nodeCount: graph.nodes.filter(({ outputs }) => outputs.some(output => made.has(output))).length };
}

/** What an op takes for itself while it runs: attention its scores. */
function scratchBytes({ op, inputs, attributes }: GraphNode, lengths: DimLengths): number {
  return op === 'Attention' ? Number(attributes.q_num_heads) * sizeOf(inputs[3]!, lengths) : 0;
}

/** Most that one turn of a loop takes, with what it finds. */
function turnBytes(body: Graph, lengths: DimLengths, vocabSize: number): number {
  return graphMemory(body, lengths, vocabSize).peakBytes + body.inputs.reduce((sum, value) => sum + sizeOf(value, lengths), 0);
}

/** Bytes of a value; a dimension that is a sum ("row0_0+2(row0_1)+3") is worked out. */
export function sizeOf({ dtype, shape }: Value, lengths: DimLengths): number {
  return shape.reduce<number>((product, dim) => product * (typeof dim === 'number' ? dim : lengthOf(dim, lengths)), ELEMENT_BYTES[dtype]);
}

/** Length of a dimension that the graph names. */
export function lengthOf(dim: string, lengths: DimLengths): number {
  return dim.split('+').reduce((sum, term) => {
    const [, times = '1', name = term] = /^(\d+)\((.*)\)$/.exec(term) ?? [];
    const length = /^\d+$/.test(name) ? Number(name) : lengths.get(name);
    if (length === undefined) throw new Error(`memory: the dimension "${name}" has no length`);
    return sum + Number(times) * length;
  }, 0);
}

/** Values that follow from constants alone (weights cast to float32, say): the runtime works them out once, before the first run. */
export function foldedValues(graph: Graph): Set<Value> {
  const constants = new Set(graph.initializers.map(({ value }) => value));
  const folded = new Set<Value>();
  for (const node of graph.nodes) {
    if (!node.inputs.every(input => constants.has(input) || folded.has(input))) continue;
    for (const output of node.outputs) folded.add(output);
  }
  return folded;
}

/** The value whose buffer each view shares. */
function bufferOf(graph: Graph): Map<Value, Value> {
  const buffers = new Map<Value, Value>();
  for (const node of graph.nodes) {
    if (!VIEWS.has(node.op)) continue;
    const [input] = node.inputs;
    buffers.set(node.outputs[0]!, buffers.get(input!) ?? input!);
  }
  return buffers;
}

/** Depth first from the last result, latest inputs first: onnxruntime's default (GraphViewer, ReverseDFSFrom with NodeCompare). */
function executionOrder(graph: Graph): GraphNode[] {
  const indexOf = new Map(graph.nodes.flatMap((node, index) => node.outputs.map(output => [output, index] as const)));
  const consumed = new Set(graph.nodes.flatMap(readsOf));
  const stack: { index: number; isLeaving: boolean }[] = graph.nodes.flatMap((node, index) => node.outputs.some(output => consumed.has(output)) ? [] : [{ index, isLeaving: false }]);
  const visited = new Set<number>();
  const order: GraphNode[] = [];
  for (let entry = stack.pop(); entry; entry = stack.pop()) {
    const node = graph.nodes[entry.index]!;
    if (entry.isLeaving) {
      order.push(node);
      continue;
    }
    if (visited.has(entry.index)) continue;
    visited.add(entry.index);
    stack.push({ index: entry.index, isLeaving: true });
    const before = [...new Set(readsOf(node).flatMap(input => indexOf.get(input) ?? []))].filter(index => !visited.has(index)).sort((a, b) => a - b);
    for (const index of before) stack.push({ index, isLeaving: false });
  }
  return order;
}

function add(counts: Map<Value, number>, value: Value, by: number): void {
  counts.set(value, (counts.get(value) ?? 0) + by);
}
