/** What a session needs to know of its device: the graph in its words, and onnxruntime's provider with the CPU behind it. */
import type * as Ort from 'onnxruntime-node';
import { encodeGraph, Graph, neg } from '../graph';
import type { Device } from './device';
import { rewriteForWebGpu } from './forWebGpu';
import { toHalf } from './toHalf';

/** The graph itself where the device takes it as it is; else it is rewritten in place. `isHalf`: products in float16. */
export function graphFor(device: Device, graph: Graph, isHalf = false): Graph {
  if (device === 'webgpu') rewriteForWebGpu(graph);
  if (isHalf) toHalf(graph);
  return graph;
}

/** The provider, with the CPU behind it for each node that it lacks. */
export function providersOf(device: Device): Pick<Ort.InferenceSession.SessionOptions, 'executionProviders'> {
  return device === 'cpu' ? {} : { executionProviders: [device, 'cpu'] };
}

let kept: Promise<Ort.InferenceSession> | undefined;

/** Compiled shaders live as long as any session of the device: one that is never released keeps them for those that follow.
 *  The provider's own option for that (preserveDevice) keeps the device, but not its shaders. */
export async function keepShaders({ InferenceSession }: typeof Ort, device: Device): Promise<void> {
  if (device === 'webgpu') await (kept ??= InferenceSession.create(encodeGraph(oneNode()), { executionProviders: ['webgpu'], logSeverityLevel: 3 }));
}

function oneNode(): Graph {
  const graph = new Graph();
  graph.output(neg(graph, graph.input('x', 'float32', [1])));
  return graph;
}
