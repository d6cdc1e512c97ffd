/** A differentiable op: its forward nodes, its vector-Jacobian product beside them, and examples that prove it. */
import type { Graph, Value } from '../graph';

export interface Forward {
  outputs: Value[];
  /** Values the backward reads beside inputs and outputs. */
  saved?: Value[];
}

export interface Backward<A> {
  inputs: readonly Value[];
  outputs: readonly Value[];
  saved: readonly Value[];
  attributes: A;
  /** Per input: is its gradient wanted? */
  wanted: readonly boolean[];
}

/** An input of an example: its sizes, and the range its random entries come from; indices and constants are given outright. */
export type ExampleInput =
  | { shape: readonly number[]; low?: number; high?: number }
  | { shape: readonly number[]; values: readonly number[]; dtype?: 'float32' | 'int64' };

export interface Example<A> { inputs: readonly ExampleInput[]; attributes: A }

export interface Op<A> {
  readonly name: string;
  /** Makes the nodes; primitives refuse shapes that do not fit. `wanted` says which inputs will need a gradient. */
  forward(g: Graph, inputs: readonly Value[], attributes: A, wanted: readonly boolean[]): Forward;
  /** Gradients of the inputs from those of the outputs; undefined where not wanted. `dys[i]` is undefined where output i is unused. */
  vjp(g: Graph, call: Backward<A>, dys: readonly (Value | undefined)[]): (Value | undefined)[];
  /** Without an example an op is refused by the tests. */
  readonly examples: readonly Example<A>[];
}

export function defineOp<A>(op: Op<A>): Op<A> { return op; }
