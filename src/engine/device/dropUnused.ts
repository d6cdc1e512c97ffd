/** Takes nodes out that nothing reads any more, after a graph was rewritten. */
import type { Graph, Value } from '../graph';
import { readsIn } from './bodies';

export function dropUnused(g: Graph): void {
  const read = new Set<Value>(g.outputs);
  const kept = g.nodes.splice(0).reverse().filter(node => {
    const isRead = node.outputs.some(value => read.has(value));
    if (isRead) for (const value of readsIn(node)) read.add(value);
    return isRead;
  });
  g.nodes.push(...kept.reverse());
}
