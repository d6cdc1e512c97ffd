/** Takes nodes out that nothing reads any more, after a graph was rewritten. */
import type { Graph, Value } from '../graph';

export function dropUnused(g: Graph): void {
  const read = new Set<Value>(g.outputs);
  const kept = g.nodes.splice(0).reverse().filter(({ inputs, outputs }) => {
    const isRead = outputs.some(value => read.has(value));
    if (isRead) for (const value of inputs) read.add(value);
    return isRead;
  });
  g.nodes.push(...kept.reverse());
}
