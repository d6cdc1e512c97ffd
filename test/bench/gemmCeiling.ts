/** The machine's speed at what training mostly is, float32 products of large matrices by the same runtime, in a process of its own.
 *  `node --import tsx test/bench/gemmCeiling.ts THREADS` prints floating-point operations a second: the best of several shapes and tries. */
import { createRequire } from 'node:module';
import type * as Ort from 'onnxruntime-node';
import { encodeGraph, gemm, Graph } from '../../src/engine/graph';

/** Rows, columns, inner: as SmolLM2's layers, and square. */
const SHAPES = [[1200, 1536, 576], [1200, 576, 1536], [1200, 576, 576], [2048, 2048, 2048]] as const;
const TRIES = 5;
const OPERATIONS_A_TRY = 2e10;

const ort = createRequire(import.meta.url)('onnxruntime-node') as typeof Ort;
const threads = Number(process.argv[2] ?? 1);
let best = 0;
for (const [rows, columns, inner] of SHAPES) {
  const g = new Graph();
  g.output(gemm(g, g.input('x', 'float32', [rows, inner]), g.input('w', 'float32', [columns, inner]), { transB: true }), 'y');
  const session = await ort.InferenceSession.create(encodeGraph(g), { intraOpNumThreads: threads, extra: { session: { disable_prepacking: '1' } } });
  const filled = (...shape: number[]) => new ort.Tensor('float32', Float32Array.from({ length: shape[0]! * shape[1]! }, (_, i) => Math.sin(i)), shape);
  const feeds = { x: filled(rows, inner), w: filled(columns, inner) };
  const operations = 2 * rows * columns * inner;
  const runs = Math.ceil(OPERATIONS_A_TRY / operations);
  await session.run(feeds);
  for (let round = 0; round < TRIES; round++) {
    const start = performance.now();
    for (let run = 0; run < runs; run++) await session.run(feeds);
    best = Math.max(best, (runs * operations) / ((performance.now() - start) / 1000));
  }
  await session.release();
}
console.log(best);
