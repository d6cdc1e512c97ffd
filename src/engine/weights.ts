/** Binds tensor names to graph values: a trained tensor is an input of the graph, a frozen one a range of its file. */
import { problemError } from '../shared/problem';
import type { MappableTensor, PackedTensor, TensorType } from '../shared/tensors';
import type { Tape } from './autodiff';
import { cast, packedWeight, showShape, type DType, type Graph, type Value } from './graph';
import { affine } from './ops';

const DTYPES: Partial<Record<TensorType, DType>> = { F32: 'float32', F16: 'float16', BF16: 'bfloat16' };

export class Weights {
  private readonly bound = new Map<string, Value>();
  private readonly names = new Map<Value, string>();

  /** `trained`: values that stand in for tensors of these names. */
  constructor(
    private readonly graph: Graph,
    private readonly tensors: ReadonlyMap<string, MappableTensor>,
    private readonly trained: ReadonlyMap<string, Value>,
  ) {}

  /** float32 value of a tensor, whose shape must be `shape`. Throws a ProblemError where the model lacks it or has another shape. */
  get(name: string, shape: readonly number[]): Value {
    const known = this.trained.get(name) ?? this.bound.get(name);
    if (known) return known;
    const value = this.map(findTensor(this.tensors, name, shape));
    this.bound.set(name, value);
    return value;
  }

  /** A tensor as stored, whatever else trains under its name. */
  frozen(name: string, shape: readonly number[]): Value {
    const key = `frozen/${name}`;
    if (!this.trained.has(name)) return this.get(name, shape);
    const value = this.bound.get(key) ?? this.map(findTensor(this.tensors, name, shape));
    this.bound.set(key, value);
    return value;
  }

  /** Name of the frozen tensor that a value is; undefined for all others. */
  nameOf(value: Value): string | undefined { return this.names.get(value); }

  /** A norm's weight plus the family's offset. */
  norm(name: string, size: number, offset: number, tape: Tape): Value {
    return affine(tape, this.get(name, [size]), 1, offset);
  }

  private map(tensor: MappableTensor): Value {
    if (tensor.type === 'NF4') return this.mapPacked(tensor);
    const dtype = DTYPES[tensor.type];
    if (dtype === undefined) throw new Error(`weights: ${tensor.name} is ${tensor.type}; decode it to F32 first (models.decodeToScratch)`);
    const name = this.trained.has(tensor.name) ? `frozen/${tensor.name}` : tensor.name;
    const value = cast(this.graph, this.graph.external(name, dtype, tensor.shape, tensor.file, tensor.offset, tensor.byteLength), 'float32');
    this.names.set(value, tensor.name);
    return value;
  }

  private mapPacked({ name, shape, file, offset, byteLength, scalesOffset }: PackedTensor): Value {
    const blocks = byteLength / 32;
    const codes = this.graph.external(name, 'uint8', [byteLength], file, offset, byteLength);
    const scales = this.graph.external(`${name}.scales`, 'float32', [blocks, 1], file, scalesOffset, 4 * blocks);
    return packedWeight(this.graph, codes, scales, shape);
  }
}

/** Throws a ProblemError where the tensor is missing or of another shape. */
export function findTensor(tensors: ReadonlyMap<string, MappableTensor>, name: string, shape: readonly number[]): MappableTensor {
  const tensor = tensors.get(name);
  if (!tensor)
    throw problemError('model/tensor-missing', `The model has no tensor "${name}", which config.json calls for.`, {
      where: { field: name }, fix: { text: 'Download the model again; a shard may be missing.' },
    });
  if (tensor.shape.length !== shape.length || tensor.shape.some((size, i) => size !== shape[i]))
    throw problemError('model/tensor-shape', `Tensor "${name}" has shape ${showShape(tensor.shape)}; config.json calls for ${showShape(shape)}.`, {
      where: { file: tensor.file, field: name }, fix: { text: 'Use the config.json that belongs to these weights.' },
    });
  return tensor;
}
