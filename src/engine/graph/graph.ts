/** A computation as plain ONNX nodes. Every value knows dtype and shape when it is made; what cannot be is refused there.
 *  Letters used in the whole engine: B rows, T packed tokens, N labelled tokens, D hidden, H query heads, K key-value heads,
 *  E head size, F feed-forward, V vocabulary, R LoRA rank. `dx` is the gradient of `x`. */
import { showShape, type Shape } from './dims';

export type DType = 'float32' | 'float16' | 'bfloat16' | 'uint8' | 'int8' | 'int32' | 'int64' | 'bool';

export interface Value {
  readonly name: string;
  readonly dtype: DType;
  readonly shape: Shape;
}

export type Attribute = number | string | readonly number[] | { float: number } | { body: Graph };

export interface GraphNode {
  readonly op: string;
  /** '' for ONNX itself, 'com.microsoft' for onnxruntime's own ops. */
  readonly domain: string;
  readonly inputs: readonly Value[];
  readonly outputs: readonly Value[];
  readonly attributes: Readonly<Record<string, Attribute>>;
}

/** A constant: small and inline, or a range of a file that the runtime maps. */
export type Initializer =
  | { readonly value: Value; readonly data: Float32Array | Int32Array | BigInt64Array }
  | { readonly value: Value; readonly file: string; readonly offset: number; readonly byteLength: number };

/** A value cannot have the shape or type an op was given: a bug in the builder, never the user's doing. */
export class ShapeError extends Error {
  constructor(op: string, why: string, values: readonly Value[]) {
    super(`${op}: ${why} (${values.map(showValue).join(', ')})`);
    this.name = 'ShapeError';
  }
}

export class Graph {
  readonly nodes: GraphNode[] = [];
  readonly inputs: Value[] = [];
  readonly outputs: Value[] = [];
  readonly initializers: Initializer[] = [];
  private readonly names: Set<string>;
  private readonly counters: Map<string, number>;
  private readonly constants = new Map<string, Value>();
  private readonly scopes: string[];

  /** `outer`: the graph whose node this one is the body of. It may read that one's values, so names are unique in both, and constants stand outside. */
  constructor(private readonly outer?: Graph) {
    this.names = outer?.names ?? new Set<string>();
    this.counters = outer?.counters ?? new Map<string, number>();
    this.scopes = outer?.scopes ?? [];
  }

  input(name: string, dtype: DType, shape: Shape): Value {
    const value = this.define(name, dtype, shape);
    this.inputs.push(value);
    return value;
  }

  /** Marks a value as a result, under a name of its own where one is given. */
  output(value: Value, name?: string): Value {
    const result = name === undefined || name === value.name ? value : this.node('Identity', [value], {}, [{ dtype: value.dtype, shape: value.shape, name }])[0];
    this.outputs.push(result);
    return result;
  }

  /** A tensor that lies in a file. `shape` may hold numbers only. */
  external(name: string, dtype: DType, shape: readonly number[], file: string, offset: number, byteLength: number): Value {
    const value = this.define(name, dtype, shape);
    this.initializers.push({ value, file, offset, byteLength });
    return value;
  }

  /** An inline constant; equal small ones are made once. */
  constant(data: Float32Array | Int32Array | BigInt64Array, shape: readonly number[], name?: string): Value {
    if (this.outer) return this.outer.constant(data, shape, name);
    const dtype = data instanceof Float32Array ? 'float32' : data instanceof Int32Array ? 'int32' : 'int64';
    const key = name === undefined && data.length <= 16 ? `${dtype}${showShape(shape)}${Array.from<number | bigint>(data).join(',')}` : undefined;
    const known = key === undefined ? undefined : this.constants.get(key);
    if (known) return known;
    const value = this.define(name ?? this.unique('const'), dtype, shape);
    this.initializers.push({ value, data });
    if (key !== undefined) this.constants.set(key, value);
    return value;
  }

  scalar(value: number): Value { return this.constant(Float32Array.of(value), []); }

  ints(...values: number[]): Value { return this.constant(BigInt64Array.from(values.map(BigInt)), [values.length]); }

  node(op: string, inputs: readonly Value[], attributes: Record<string, Attribute>, outputs: readonly { dtype: DType; shape: Shape; name?: string }[], domain = ''): Value[] {
    const made = outputs.map(out => this.define(out.name ?? this.unique(op), out.dtype, out.shape));
    this.nodes.push({ op, domain, inputs, outputs: made, attributes });
    return made;
  }

  /** Names made inside `build` begin with `scope/`. */
  scoped<T>(scope: string, build: () => T): T {
    this.scopes.push(scope);
    try { return build(); } finally { this.scopes.pop(); }
  }

  /** A name that no value has yet. */
  unique(stem: string): string {
    const full = [...this.scopes, stem].join('/');
    const count = this.counters.get(full) ?? 0;
    this.counters.set(full, count + 1);
    return count === 0 && !this.names.has(full) ? full : `${full}.${count}`;
  }

  private define(name: string, dtype: DType, shape: Shape): Value {
    if (this.names.has(name)) throw new Error(`graph: the name "${name}" is taken`);
    this.names.add(name);
    return { name, dtype, shape };
  }
}

/** `hidden float32[T,576]` */
export function showValue(value: Value): string {
  return `${value.name} ${value.dtype}${showShape(value.shape)}`;
}

/** The graph that a node runs over and over, where there is one. */
export function bodyOf({ attributes: { body } }: GraphNode): Graph | undefined {
  return typeof body === 'object' && 'body' in body ? body.body : undefined;
}

/** All that a node reads: its inputs, and what its body takes from outside. */
export function readsOf(node: GraphNode): readonly Value[] {
  const body = bodyOf(node);
  if (!body) return node.inputs;
  const own = new Set([...body.inputs, ...body.nodes.flatMap(({ outputs }) => outputs)]);
  return [...new Set([...node.inputs, ...[...body.nodes.flatMap(readsOf), ...body.outputs].filter(value => !own.has(value))])];
}

/** One line a node, in order, bodies indented; what graph snapshots hold. */
export function printGraph(graph: Graph): string {
  const shown = (value: Attribute): string => {
    if (typeof value !== 'object') return String(value);
    if ('float' in value) return String(value.float);
    return 'body' in value ? `{\n${printGraph(value.body).replaceAll(/^/gm, '  ')}\n}` : `[${value.join(',')}]`;
  };
  const attributes = (node: GraphNode) => Object.entries(node.attributes).map(([key, value]) => ` ${key}=${shown(value)}`).join('');
  return [
    ...graph.inputs.map(value => `input ${showValue(value)}`),
    ...graph.nodes.map(node => `${node.outputs.map(showValue).join(', ')} = ${node.domain === '' ? '' : `${node.domain}.`}${node.op}(${node.inputs.map(value => value.name).join(', ')})${attributes(node)}`),
    ...graph.outputs.map(value => `output ${showValue(value)}`),
  ].join('\n');
}

/** Takes out the nodes whose outputs nothing reads. */
export function dropUnused(graph: Graph): void {
  const read = new Set<Value>(graph.outputs);
  const kept: GraphNode[] = [];
  for (const node of graph.nodes.splice(0).reverse()) {
    if (!node.outputs.some(output => read.has(output))) continue;
    for (const value of readsOf(node)) read.add(value);
    kept.push(node);
  }
  graph.nodes.push(...kept.reverse());
}

/** Throws where a node reads a value that no earlier node, input or initializer makes, or an output that nothing makes. */
export function checkGraph(graph: Graph, outside: ReadonlySet<Value> = new Set()): void {
  const known = new Set<Value>([...outside, ...graph.inputs, ...graph.initializers.map(({ value }) => value)]);
  for (const node of graph.nodes) {
    const body = bodyOf(node);
    if (body) checkGraph(body, known);
    for (const value of node.inputs)
      if (!known.has(value)) throw new Error(`graph: ${node.op} → ${node.outputs[0].name} reads ${showValue(value)}, which nothing before it makes`);
    for (const value of node.outputs) known.add(value);
  }
  for (const value of graph.outputs)
    if (!known.has(value)) throw new Error(`graph: output ${showValue(value)} is made by nothing`);
}
