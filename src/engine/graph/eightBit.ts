/** Products with frozen weights in 8 bits: rows of one side and columns of the other scaled each by itself, multiplied as integers, and scaled back. */
import { codesOffset } from '../../shared/eightBit';
import type { EightBitMatrix, EightBitWeight } from '../../shared/tensors';
import { add, cast, div, max, mul, neg, scale } from './elementwise';
import type { Graph, GraphNode, Value } from './graph';
import { reshape, shapeOf } from './layout';
import { maxAxis, minAxis } from './reduce';

/** Codes of activations lie around the middle of a byte: 128 ± 127. */
const MIDDLE = 128;
const LEVELS = 127;
/** Keeps a row of zeros from dividing by zero. */
const SMALLEST = 1e-30;

/** Writes integer products in place of the Gemms that read a weight of `weightOf` as their second input; what else reads it keeps the weight as it is. */
export function multiplyInEightBits(g: Graph, weightOf: (value: Value) => EightBitWeight | undefined): void {
  const activations = new Map<Value, Coded>();
  const matrices = new Map<EightBitMatrix, Coded>();
  for (const node of g.nodes.splice(0)) {
    const matrix = matrixOf(node, weightOf);
    if (!matrix) {
      g.nodes.push(node);
      continue;
    }
    const [x, , plus] = node.inputs;
    const activation = activations.get(x) ?? inEightBits(g, x);
    activations.set(x, activation);
    const known = matrices.get(matrix) ?? mapped(g, matrix);
    matrices.set(matrix, known);
    const { alpha } = node.attributes as { alpha?: { float: number } };
    const product = eightBitProduct(g, activation, known, alpha?.float ?? 1);
    redirect(g, plus ? add(g, product, plus) : product, node.outputs[0]);
  }
}

/** One side of a product: codes, and what each row (of x) or column (of the matrix) of them is multiplied by. */
export interface Coded { codes: Value; scales: Value }

/** x [T,K] → codes uint8 [T,K] and the scale of each row, [T,1]. */
export function inEightBits(g: Graph, x: Value): Coded {
  const largest = max(g, max(g, maxAxis(g, x, 1), neg(g, minAxis(g, x, 1))), g.scalar(SMALLEST));
  const scales = div(g, largest, g.scalar(LEVELS));
  const perRow = reshape(g, scales, [-1], [x.shape[0]]);
  const middles = g.node('Expand', [middle(g), shapeOf(g, perRow)], {}, [{ dtype: 'uint8', shape: perRow.shape }])[0];
  return { codes: g.node('QuantizeLinear', [x, perRow, middles], { axis: 0 }, [{ dtype: 'uint8', shape: x.shape }])[0], scales };
}

/** alpha · x·m: codes [T,K] and int8 [K,N], scales [T,1] and [N] → float32 [T,N]. */
export function eightBitProduct(g: Graph, x: Coded, m: Coded, alpha = 1): Value {
  const product = g.node('MatMulIntegerToFloat', [x.codes, m.codes, g.scalar(1), m.scales, middle(g)], {}, [{ dtype: 'float32', shape: [x.codes.shape[0], m.codes.shape[1]] }], 'com.microsoft')[0];
  return mul(g, product, scale(g, x.scales, alpha));
}

/** uint8 []: the code of 0. */
function middle(g: Graph): Value { return cast(g, g.constant(Int32Array.of(MIDDLE), []), 'uint8'); }

function matrixOf({ op, inputs, attributes }: GraphNode, weightOf: (value: Value) => EightBitWeight | undefined): EightBitMatrix | undefined {
  if (op !== 'Gemm' || attributes.transA) return undefined;
  return weightOf(inputs[1])?.[attributes.transB ? 'forward' : 'backward'];
}

function mapped(g: Graph, matrix: EightBitMatrix): Coded {
  const { shape: [rows, columns], file, offset } = matrix;
  const name = g.unique('int8');
  return {
    codes: g.external(`${name}.codes`, 'int8', [rows, columns], file, codesOffset(matrix), rows * columns),
    scales: g.external(`${name}.scales`, 'float32', [columns], file, offset, 4 * columns),
  };
}

/** Lets the last node make `output` in place of `value`. */
function redirect(g: Graph, value: Value, output: Value): void {
  const last = g.nodes.pop()!;
  if (last.outputs[0] !== value) throw new Error(`eight bits: ${value.name} is not the last that was made`);
  g.nodes.push({ ...last, outputs: [output] });
}
