/** A part of a graph that runs as often as the data asks, with values handed from one turn to the next. */
import type { Shape } from './dims';
import { Graph, type Value } from './graph';

export interface Carried {
  /** Before the first turn. */
  initial: Value;
  /** As a turn finds it; the length of an axis may change from turn to turn, so it has a name of its own. */
  shape: Shape;
  /** After the last turn. */
  result: Shape;
}

/** `turn` builds one turn: from its index, int64 [], and the carried values to what the next turn finds. It may read any value of `g`.
 *  `count` int64 [] is how often. */
export function loop(g: Graph, count: Value, carried: readonly Carried[], turn: (body: Graph, index: Value, carried: readonly Value[]) => Value[]): Value[] {
  const body = new Graph(g);
  const name = (what: string): string => body.unique(`turn/${what}`);
  const index = body.input(name('index'), 'int64', []);
  const goesOn = body.input(name('goes_on'), 'bool', []);
  const found = carried.map(({ initial, shape }) => body.input(name('found'), initial.dtype, shape));
  const handedOn = turn(body, index, found);
  body.output(goesOn, name('still_goes_on'));
  for (const value of handedOn) body.output(value);
  const always = g.node('Equal', [count, count], {}, [{ dtype: 'bool', shape: [] }])[0];
  return g.node('Loop', [count, always, ...carried.map(({ initial }) => initial)], { body: { body } }, carried.map(({ initial, result }) => ({ dtype: initial.dtype, shape: result })));
}
