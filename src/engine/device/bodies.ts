/** Graphs inside of graphs: the body of a loop, which reads values of the graph around it. */
import type { Graph, GraphNode, Value } from '../graph';

/** The graph that a node runs over and over, where it has one. */
export function bodyIn({ attributes }: GraphNode): Graph | undefined {
  return (attributes.body as unknown as { body: Graph } | undefined)?.body;
}

/** All that a node reads, its body's own values among them. */
export function readsIn(node: GraphNode): Value[] {
  const body = bodyIn(node);
  return body ? [...node.inputs, ...body.nodes.flatMap(readsIn), ...body.outputs] : [...node.inputs];
}
