/** A graph whose products are computed in float16, as mixed precision does it (arXiv 1710.03740): weights are cast once, activations between
 *  products stay in float16, and what sums, exponentiates or compares is float32: norms, softmax, log-probabilities, losses, residuals.
 *  Inputs and outputs stay float32, so adapters and the optimizer do; gradients are those of a loss that is scaled up (LossScale). */
import type { DType, Graph, GraphNode, Value } from '../graph';
import { bodyOf, cast, dropUnused } from '../graph';

const PRODUCTS = new Set(['Gemm', 'MatMul', 'FusedMatMul']);
/** Have the type of what they move. */
const MOVES = new Set(['Transpose', 'Reshape', 'Split', 'Concat', 'Unsqueeze', 'Gather', 'Slice']);
/** float16 where all they read is; numbers between 6e-8 and 65504 are enough for them. */
const LIGHT = new Set(['Add', 'Sub', 'Mul', 'Neg', 'Sigmoid', 'Tanh', 'QuickGelu']);

export function toHalf(g: Graph): void { halve(g); }

function halve(g: Graph, around?: Halver): void {
  const halver = new Halver(g, around);
  for (const node of g.nodes.splice(0)) {
    const body = bodyOf(node);
    if (body) halve(body, halver);
    halver.take(node);
  }
  dropUnused(g);
}

class Halver {
  /** Values that are made in float16 now, by what they were. */
  private readonly made: Map<Value, Value>;
  private readonly casts: Map<string, Value>;
  private readonly outputs: ReadonlySet<Value>;
  /** Frozen weights and constants, and what was cast from them. */
  private readonly constants: Map<Value, Value>;
  private readonly weights: ReadonlySet<Value>;

  /** `around`: of the graph whose values a body reads. */
  constructor(private readonly g: Graph, around?: Halver) {
    this.outputs = new Set(g.outputs);
    this.made = new Map(around?.made);
    this.casts = new Map(around?.casts);
    this.constants = around?.constants ?? new Map(g.initializers.map(({ value }) => [value, value]));
    this.weights = around?.weights ?? new Set(g.initializers.filter(one => 'file' in one).map(({ value }) => value));
  }

  take(node: GraphNode): void {
    if (node.op === 'Cast' && this.constants.has(node.inputs[0])) this.constants.set(node.outputs[0], node.inputs[0]);
    const isHalf = node.outputs.every(({ dtype }) => dtype === 'float32') && !node.outputs.some(value => this.outputs.has(value)) && this.wantsHalf(node);
    const inputs = node.inputs.map(value => this.as(value, isHalf ? 'float16' : 'float32'));
    const outputs = isHalf ? node.outputs.map(value => this.halved(value)) : node.outputs;
    this.g.nodes.push({ ...node, inputs, outputs });
  }

  private wantsHalf(node: GraphNode): boolean {
    const { op, inputs } = node;
    // A column is a loss's: log-probabilities, weighted and summed.
    if (PRODUCTS.has(op)) return node.outputs[0].shape.at(-1) !== 1;
    if (MOVES.has(op)) return op === 'Concat' ? inputs.every(value => this.isHalf(value)) : this.isHalf(inputs[0]) || this.isWeight(inputs[0]);
    if (!LIGHT.has(op) || inputs[0] === inputs[1]) return false;
    const numbers = inputs.filter(value => value.shape.length > 0 || !this.constants.has(value));
    return numbers.length > 0 && numbers.every(value => this.isHalf(value));
  }

  private isHalf(value: Value): boolean { return this.made.has(value); }

  /** Of the model: a matrix from its files. Tables made here (rotary angles) keep their digits. */
  private isWeight(value: Value): boolean {
    const constant = this.constants.get(value);
    return constant !== undefined && this.weights.has(constant);
  }

  /** `value` in the type that is wanted; what is no float stays what it is. */
  private as(value: Value, dtype: 'float16' | 'float32'): Value {
    const now = this.made.get(value) ?? value;
    if (now.dtype === dtype || now.dtype !== 'float16' && now.dtype !== 'float32') return now;
    const stored = dtype === 'float16' ? this.constants.get(value) : undefined;
    return stored?.dtype === 'float16' ? stored : this.castOnce(stored ?? now, dtype);
  }

  private castOnce(value: Value, dtype: DType): Value {
    const key = `${value.name}:${dtype}`;
    const known = this.casts.get(key) ?? cast(this.g, value, dtype);
    this.casts.set(key, known);
    return known;
  }

  private halved(value: Value): Value {
    const half: Value = { ...value, dtype: 'float16' };
    this.made.set(value, half);
    return half;
  }
}
