/** How fast this machine computes, measured with the runtime that trains: about two seconds, once for each machine and number of threads. */
import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { DEFAULT_OPTIMIZER_OPTIONS, findOptimizer } from '../../engine/optimizer';
import { cast, eightBitProduct, gemm, Graph, type Value } from '../../engine/graph';
import { Session, tensor } from '../../engine/session';
import { cacheFolder } from '../../models';
import { elementCount } from '../../shared/tensors';

export interface MachineSpeed {
  /** Part of the key; what an older version measured is measured again. */
  readonly version: number;
  /** Matrix products by their shortest side, ascending. */
  readonly products: readonly { readonly side: number; readonly flopsPerSecond: number }[];
  /** How many times as fast a product of 8 bits is as the largest of those. */
  readonly eightBitGain: number;
  /** Read and written by ops that only move and add. */
  readonly bytesPerSecond: number;
  /** Elements of an op such as exp. */
  readonly functionsPerSecond: number;
  /** What any node costs, however small. */
  readonly nodeSeconds: number;
  /** Trained numbers that AdamW updates. */
  readonly updatesPerSecond: number;
}

const VERSION = 2;
/** The other two sides of a measured product. */
const LONG_SIDE = 1024;
const SIDES = [4, 16, 64, 256];
const PRODUCT_MS = 250;
const OTHER_MS = 200;
const MOVED_ELEMENTS = 2 ** 20;
const TINY_NODES = 200;
const UPDATED = 500_000;

/** From the cache, or measured. Throws ProblemError engine/runtime where nothing can compute here. */
export async function machineSpeed(threads: number, folder = cacheFolder()): Promise<MachineSpeed> {
  const file = path.join(folder, `speed-${machineId(threads)}.json`);
  const kept = await readFile(file, 'utf8').then(text => JSON.parse(text) as MachineSpeed, () => undefined);
  if (kept?.version === VERSION) return kept;
  const measured = await measureSpeed(threads);
  await mkdir(folder, { recursive: true });
  await writeFile(`${file}.${process.pid}`, JSON.stringify(measured));
  await rename(`${file}.${process.pid}`, file);
  return measured;
}

/** The best of several runs each: what else the machine does at the moment is not its speed. */
export async function measureSpeed(threads: number): Promise<MachineSpeed> {
  const products: { side: number; flopsPerSecond: number }[] = [];
  for (const side of SIDES) {
    const flopsPerSecond = (2 * side * LONG_SIDE * LONG_SIDE) / (await nodeTime(productChain(side), threads, PRODUCT_MS));
    // A longer side is never slower: what seems so was disturbed.
    products.push({ side, flopsPerSecond: Math.max(flopsPerSecond, products.at(-1)?.flopsPerSecond ?? 0) });
  }
  const largest = products.at(-1)!;
  const eightBitSeconds = await nodeTime(eightBitChain(largest.side), threads, PRODUCT_MS);
  return {
    version: VERSION, products,
    eightBitGain: (2 * largest.side * LONG_SIDE * LONG_SIDE) / eightBitSeconds / largest.flopsPerSecond,
    bytesPerSecond: (3 * 4 * MOVED_ELEMENTS) / (await nodeTime(elementwiseChain('Add', MOVED_ELEMENTS, 8), threads, OTHER_MS)),
    functionsPerSecond: MOVED_ELEMENTS / (await nodeTime(elementwiseChain('Exp', MOVED_ELEMENTS, 4), threads, OTHER_MS)),
    nodeSeconds: await nodeTime(elementwiseChain('Add', 4, TINY_NODES), threads, OTHER_MS),
    updatesPerSecond: UPDATED / (await updateTime()),
  };
}

/** One of what is measured, many times in one graph. */
interface Chain {
  graph: Graph;
  inputs: Record<string, readonly number[]>;
  nodes: number;
}

/** x·W twice over: [side, long] · [long, long]. */
function productChain(side: number): Chain {
  const graph = new Graph(), nodes = 2;
  const w = graph.input('w', 'float32', [LONG_SIDE, LONG_SIDE]);
  let x = graph.input('x', 'float32', [side, LONG_SIDE]);
  for (let i = 0; i < nodes; i++) x = gemm(graph, x, w);
  graph.output(x, 'y');
  return { graph, nodes, inputs: { x: [side, LONG_SIDE], w: [LONG_SIDE, LONG_SIDE] } };
}

/** Codes [side, long] · [long, long]; both from constants, so that only the product takes time. */
function eightBitChain(side: number): Chain {
  const graph = new Graph();
  const scales = graph.input('x', 'float32', [side, 1]);
  const codes = (rows: number, dtype: 'uint8' | 'int8') => cast(graph, graph.constant(new Int32Array(rows * LONG_SIDE).fill(1), [rows, LONG_SIDE]), dtype);
  const matrix = { codes: codes(LONG_SIDE, 'int8'), scales: graph.constant(new Float32Array(LONG_SIDE), [LONG_SIDE]) };
  graph.output(eightBitProduct(graph, { codes: codes(side, 'uint8'), scales }, matrix), 'y');
  return { graph, nodes: 1, inputs: { x: [side, 1] } };
}

/** y = x, then y = y + x or y = f(y), each into memory of its own. */
function elementwiseChain(op: 'Add' | 'Exp', elements: number, nodes: number): Chain {
  const graph = new Graph();
  const x = graph.input('x', 'float32', [elements]);
  let y: Value = x;
  for (let i = 0; i < nodes; i++) y = graph.node(op, op === 'Add' ? [y, x] : [y], {}, [{ dtype: 'float32', shape: [elements] }])[0]!;
  graph.output(y, 'y');
  return { graph, nodes, inputs: { x: [elements] } };
}

/** Seconds of one node. */
async function nodeTime({ graph, inputs, nodes }: Chain, threads: number, forMs: number): Promise<number> {
  const session = await Session.create(graph, { threads });
  try {
    const feeds = Object.fromEntries(Object.entries(inputs).map(([name, shape]) => [name, tensor(new Float32Array(elementCount(shape)), shape)]));
    await session.run(feeds); // the first run allocates
    return (await bestTime(async () => { await session.run(feeds); }, forMs)) / nodes;
  } finally {
    await session.release();
  }
}

async function updateTime(): Promise<number> {
  const parameter = { name: 'w', shape: [UPDATED], decays: true, data: new Float32Array(UPDATED).fill(0.1) };
  const gradient = new Float32Array(UPDATED).fill(0.01);
  const optimizer = findOptimizer('adamw_torch')!.kind.create(DEFAULT_OPTIMIZER_OPTIONS);
  return bestTime(() => optimizer.step([parameter], [gradient], 1e-5), OTHER_MS);
}

async function bestTime(work: () => void | Promise<void>, forMs: number): Promise<number> {
  let bestMs = Infinity;
  for (const startMs = performance.now(); performance.now() - startMs < forMs; ) {
    const beganMs = performance.now();
    await work();
    bestMs = Math.min(bestMs, performance.now() - beganMs);
  }
  return bestMs / 1000;
}

/** Of what decides the speed; a container with fewer cores is another machine. */
function machineId(threads: number): string {
  const facts = [process.platform, process.arch, os.cpus()[0]?.model ?? '', os.availableParallelism(), threads, process.versions.node.split('.')[0]];
  return createHash('sha256').update(JSON.stringify(facts)).digest('hex').slice(0, 16);
}
