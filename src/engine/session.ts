/** An onnxruntime session over a Graph. The only file of the engine that loads the native module, and only when one is made. */
import { createRequire } from 'node:module';
import path from 'node:path';
import type * as Ort from 'onnxruntime-node';
import { problemError } from '../shared/problem';
import { failureOf, graphFor, keepShaders, providersOf, runtimeOrigin, type Device } from './device';
import { encodeGraph, type Graph } from './graph';

export type Feeds = Record<string, Ort.Tensor>;

export interface SessionOptions {
  /** Threads inside an op; the machine's cores where absent. Results are the same to the last bit for the same number. */
  threads?: number;
  /** What computes; the CPU where absent. */
  device?: Device;
  /** Products in float16; for devices that have it. */
  isHalf?: boolean;
}

export class Session {
  private constructor(private readonly session: Ort.InferenceSession, private readonly device: Device) {}

  /** Rewrites the graph where the device wants other ops. */
  static async create(graph: Graph, { threads, device = 'cpu', isHalf = false }: SessionOptions = {}): Promise<Session> {
    await asProblem(keepShaders(runtime(), device), device);
    const session = await asProblem(runtime().InferenceSession.create(encodeGraph(graphFor(device, graph, isHalf)), {
      ...providersOf(device),
      ...(threads === undefined ? {} : { intraOpNumThreads: threads }),
      // On the CPU the graph has its fused ops already: more passes over it find none, and take a second of the start.
      graphOptimizationLevel: device === 'cpu' ? 'basic' : 'all',
      // Shapes change from batch to batch, so remembered memory patterns would only be kept, never used.
      enableMemPattern: false,
      // Batches differ in length, and an arena keeps the pieces of each: over some steps it held twice what any of them took.
      enableCpuMemArena: false,
      logSeverityLevel: 3,
      extra: {
        session: {
          // A packed copy beside each weight doubles memory and gains nothing measurable at training's row counts.
          disable_prepacking: '1',
          model_external_initializers_file_folder_path: rootOfFiles(graph),
        },
      },
    }), device);
    return new Session(session, device);
  }

  /** `into`: tensors that outputs of their names are written into; the results hold copies of these too. */
  async run(feeds: Feeds, into: Feeds = {}): Promise<Ort.InferenceSession.ReturnType> {
    const fetches = { ...Object.fromEntries(this.session.outputNames.map(name => [name, null])), ...into };
    return asProblem(this.session.run(feeds, fetches), this.device);
  }
  async release(): Promise<void> { await this.session.release(); }
}

/** onnxruntime says no more than that an allocation failed; what helps is known here. So is what to do without a device. */
async function asProblem<T>(work: Promise<T>, device: Device): Promise<T> {
  try {
    return await work;
  } catch (cause) {
    if (!/bad[ _]alloc|failed to allocate|out of memory/i.test(String(cause))) throw device === 'cpu' ? cause : failureOf(device, cause);
    throw problemError('engine/out-of-memory', `There was not enough memory: ${cause instanceof Error ? cause.message.split('\n')[0] : String(cause)}.`, {
      fix: { text: 'Turn gradient_checkpointing on, lower batch_size or max_length, or choose a smaller model.', set: { key: 'gradient_checkpointing', value: true } },
    }, cause);
  }
}

export function tensor(data: Float32Array | BigInt64Array | Int32Array, shape: readonly number[]): Ort.Tensor {
  const type = data instanceof Float32Array ? 'float32' : data instanceof Int32Array ? 'int32' : 'int64';
  return new (runtime().Tensor)(type, data, shape);
}

/** float32 data of a result. */
export function floats(results: Ort.InferenceSession.ReturnType, name: string): Float32Array {
  return results[name].data as Float32Array;
}

let loaded: typeof Ort | undefined;

/** onnxruntime-node, loaded on first use. A platform without binaries is a Problem. */
function runtime(): typeof Ort {
  if (loaded) return loaded;
  try {
    loaded = createRequire(runtimeOrigin() ?? import.meta.url)('onnxruntime-node') as typeof Ort;
    return loaded;
  } catch (cause) {
    throw problemError('engine/runtime', `onnxruntime-node does not load on ${process.platform}-${process.arch}: ${String(cause instanceof Error ? cause.message : cause)}.`, {
      fix: { text: 'Linux (glibc 2.28 or newer) and Windows on x64 and arm64, and macOS on arm64 have binaries; elsewhere use backend "trl".' },
    }, cause);
  }
}

/** The root of the file system that every mapped file lies under; onnxruntime finds external data only below a folder it is told. */
function rootOfFiles(graph: Graph): string {
  const roots = new Set(graph.initializers.flatMap(initializer => 'file' in initializer ? [path.parse(initializer.file).root] : []));
  if (roots.size > 1)
    throw problemError('engine/several-drives', `The model's files lie on several drives (${[...roots].join(', ')}); they must lie on one.`, { fix: { text: 'Move the shards into one folder.' } });
  return [...roots][0] ?? path.parse(process.cwd()).root;
}
