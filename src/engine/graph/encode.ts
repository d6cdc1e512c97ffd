/** Graph → bytes of an ONNX ModelProto. */
import path from 'node:path';
// A CommonJS module: Node sees its exports only through the default.
import onnxProto, { type onnx } from 'onnx-proto';
import { bodyOf, type Attribute, type DType, type Graph, type GraphNode, type Initializer, type Value } from './graph';

/** Opset of ONNX itself, all that graphics providers know; and what Attention needs. com.microsoft ops are versioned 1. */
const OPSET = 21;
const OPSET_WITH_ATTENTION = 23;
const IR_VERSION = 10;
const { AttributeProto, ModelProto, TensorProto } = onnxProto.onnx;
const { DataType } = TensorProto;
const DATA_TYPES: Record<DType, number> = {
  float32: DataType.FLOAT, float16: DataType.FLOAT16, bfloat16: DataType.BFLOAT16, uint8: DataType.UINT8, int8: DataType.INT8, int32: DataType.INT32, int64: DataType.INT64, bool: DataType.BOOL,
};

/** External tensors are named relative to the root of the file system, which the session is told to take as the model's folder:
 *  onnxruntime refuses absolute paths and paths that leave that folder, symbolic links too. */
export function encodeGraph(graph: Graph): Uint8Array {
  return ModelProto.encode(ModelProto.create({
    irVersion: IR_VERSION,
    producerName: 'merlina',
    opsetImport: [{ domain: '', version: hasAttention(graph) ? OPSET_WITH_ATTENTION : OPSET }, { domain: 'com.microsoft', version: 1 }],
    graph: encodeNodes(graph),
  })).finish();
}

function hasAttention(graph: Graph): boolean {
  return graph.nodes.some(node => {
    const body = bodyOf(node);
    return node.op === 'Attention' || (body !== undefined && hasAttention(body));
  });
}

function encodeNodes(graph: Graph): onnx.IGraphProto {
  return {
    name: 'merlina',
    node: graph.nodes.map(encodeNode),
    initializer: graph.initializers.map(encodeInitializer),
    input: graph.inputs.map(encodeValue),
    output: graph.outputs.map(encodeValue),
    valueInfo: innerValues(graph).map(encodeValue),
  };
}

/** Every value on the way, with its shape. onnxruntime cannot infer shapes past a Split of run-time lengths; without them its memory planner
 *  never finds two buffers of one size, which costs memory, and searches for them in quadratic time (22 s instead of 0.7 s for 10,000 nodes). */
function innerValues(graph: Graph): Value[] {
  const outputs = new Set(graph.outputs);
  return graph.nodes.flatMap(node => node.outputs).filter(value => !outputs.has(value));
}

function encodeNode(node: GraphNode): onnx.INodeProto {
  return {
    name: node.outputs[0].name,
    opType: node.op,
    domain: node.domain,
    input: node.inputs.map(value => value.name),
    output: node.outputs.map(value => value.name),
    attribute: Object.entries(node.attributes).map(([name, value]) => encodeAttribute(name, value)),
  };
}

function encodeAttribute(name: string, value: Attribute): onnx.IAttributeProto {
  const { AttributeType } = AttributeProto;
  if (typeof value === 'number') return { name, type: AttributeType.INT, i: value };
  if (typeof value === 'string') return { name, type: AttributeType.STRING, s: new TextEncoder().encode(value) };
  if ('float' in value) return { name, type: AttributeType.FLOAT, f: value.float };
  if ('body' in value) return { name, type: AttributeType.GRAPH, g: encodeNodes(value.body) };
  return { name, type: AttributeType.INTS, ints: [...value] };
}

function encodeInitializer(initializer: Initializer): onnx.ITensorProto {
  const { name, dtype, shape } = initializer.value;
  const common = { name, dims: shape.map(Number), dataType: DATA_TYPES[dtype] };
  if ('data' in initializer) {
    const { buffer, byteOffset, byteLength } = initializer.data;
    return { ...common, rawData: new Uint8Array(buffer, byteOffset, byteLength) };
  }
  return {
    ...common,
    dataLocation: TensorProto.DataLocation.EXTERNAL,
    externalData: [
      { key: 'location', value: path.relative(path.parse(initializer.file).root, initializer.file) },
      { key: 'offset', value: String(initializer.offset) },
      { key: 'length', value: String(initializer.byteLength) },
    ],
  };
}

function encodeValue(value: Value): onnx.IValueInfoProto {
  return {
    name: value.name,
    type: { tensorType: { elemType: DATA_TYPES[value.dtype], shape: { dim: value.shape.map(dim => typeof dim === 'number' ? { dimValue: dim } : { dimParam: dim }) } } },
  };
}
