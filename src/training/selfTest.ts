/** Loads the native runtime and computes one sum, to know that this program can train before a run depends on it. */
import { add, Graph } from '../engine/graph';
import { floats, Session, tensor } from '../engine/session';

/** Throws, or takes the process with it, where the runtime does not work here. */
export async function selfTest(): Promise<void> {
  const graph = new Graph();
  const x = graph.input('x', 'float32', [2]);
  graph.output(add(graph, x, x), 'sum');
  const session = await Session.create(graph, { threads: 1 });
  const results = floats(await session.run({ x: tensor(Float32Array.of(1, 2), [2]) }), 'sum');
  await session.release();
  if (results.join() !== '2,4') throw new Error(`1 + 1 and 2 + 2 gave ${results.join(' and ')}.`);
}
