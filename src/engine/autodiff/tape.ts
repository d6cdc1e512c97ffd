/** Reverse-mode differentiation over a Graph: ops are recorded as they are applied, then walked backwards once. */
import { add, sameShape, ShapeError, tieTo, type Graph, type Value } from '../graph';
import type { Backward, Op } from './op';

interface Applied { kind: 'applied'; op: Op<unknown>; call: Backward<unknown> }
interface Transient { op: Op<unknown>; inputs: readonly Value[]; attributes: unknown }
interface Recomputed { kind: 'recomputed'; input: Value; output: Value; body: Body }
type Body = (tape: Tape, input: Value) => Value;

export class Tape {
  private readonly records: (Applied | Recomputed)[] = [];
  private readonly transients = new Map<Value, Transient>();
  /** What the backward has made again, by the value it stands for. */
  private readonly remade = new Map<Value, Value>();

  /** `tracked` holds every value a gradient flows through; tapes of one graph share it. A tape that keeps all makes nothing transient. */
  constructor(readonly graph: Graph, private readonly tracked = new Set<Value>(), private readonly keepsAll = false) {}

  /** Declares a value whose gradient will be asked for. */
  watch(value: Value): Value {
    this.tracked.add(value);
    return value;
  }

  tracks(value: Value): boolean { return this.tracked.has(value); }

  /** Applies an op with several outputs. */
  applyAll<A>(op: Op<A>, inputs: readonly Value[], attributes: A): Value[] {
    const wanted = inputs.map(input => this.tracked.has(input));
    const { outputs, saved = [] } = op.forward(this.graph, inputs, attributes, wanted);
    if (wanted.includes(true)) {
      if (outputs.some(output => inputs.includes(output))) throw new Error(`${op.name}: an input came out as output; its gradient would be counted twice`);
      for (const output of outputs) this.tracked.add(output);
      this.records.push({ kind: 'applied', op: op as Op<unknown>, call: { inputs, outputs, saved, attributes, wanted } });
    }
    return outputs;
  }

  apply<A>(op: Op<A>, inputs: readonly Value[], attributes: A): Value {
    return this.applyAll(op, inputs, attributes)[0];
  }

  /** As apply, for an op that costs less than its output takes memory: the output does not wait for the backward, which makes it again where it reads it. */
  applyTransient<A>(op: Op<A>, inputs: readonly Value[], attributes: A): Value {
    const output = this.apply(op, inputs, attributes);
    if (!this.keepsAll && this.tracked.has(output)) this.transients.set(output, { op: op as Op<unknown>, inputs, attributes });
    return output;
  }

  /** Runs `body` without keeping what its backward needs; the backward builds it once more from the input (gradient checkpointing). */
  recompute(input: Value, body: Body): Value {
    const forward = new Tape(this.graph, this.tracked);
    const output = body(forward, input);
    if (forward.records.length > 0) this.records.push({ kind: 'recomputed', input, output, body });
    return output;
  }

  /** d(loss)/d(value) for each value, seeded with `seed` (a scalar like the loss). A value the loss does not depend on has none. */
  gradients(loss: Value, seed: Value, of: readonly Value[]): (Value | undefined)[] {
    const sums = new Gradients(this.graph);
    sums.add(loss, seed);
    this.walk(sums);
    return of.map(value => sums.of(value));
  }

  private walk(sums: Gradients): void {
    for (let i = this.records.length - 1; i >= 0; i--) {
      const record = this.records[i];
      if (record.kind === 'applied') this.backApplied(record, sums);
      else this.backRecomputed(record, sums);
    }
  }

  private backApplied({ op, call }: Applied, sums: Gradients): void {
    const dys = call.outputs.map(output => sums.of(output));
    const known = dys.find(dy => dy !== undefined);
    if (!known) return;
    const dxs = op.vjp(this.graph, { ...call, inputs: call.inputs.map(input => this.present(input, known)) }, dys);
    if (dxs.length !== call.inputs.length) throw new Error(`${op.name}: vjp gave ${dxs.length} gradients for ${call.inputs.length} inputs`);
    dxs.forEach((dx, i) => {
      if (!dx || !call.wanted[i]) return;
      if (!sameShape(dx.shape, call.inputs[i].shape)) throw new ShapeError(op.name, `the gradient of input ${i} has another shape`, [call.inputs[i], dx]);
      sums.add(call.inputs[i], dx);
    });
  }

  /** The value, or a transient one made again, not before `dy` is known: the runtime would make it early otherwise, or share the first. */
  private present(value: Value, dy: Value): Value {
    const transient = this.transients.get(value);
    if (!transient) return value;
    const known = this.remade.get(value);
    if (known) return known;
    const [first, ...others] = transient.inputs.map(input => this.present(input, dy));
    const [again] = transient.op.forward(this.graph, [tieTo(this.graph, first, dy), ...others], transient.attributes, transient.inputs.map(() => false)).outputs;
    this.remade.set(value, again);
    return again;
  }

  private backRecomputed({ input, output, body }: Recomputed, sums: Gradients): void {
    const dy = sums.of(output);
    if (!dy) return;
    const again = new Tape(this.graph, this.tracked, true);
    const tied = tieTo(this.graph, input, dy);
    if (this.tracked.has(input)) this.tracked.add(tied);
    const rebuilt = this.graph.scoped('recompute', () => body(again, tied));
    sums.add(rebuilt, dy);
    again.walk(sums);
    const dx = sums.of(tied);
    if (dx) sums.add(input, dx);
  }
}

/** The gradient of each value so far, summed where several uses meet. */
class Gradients {
  private readonly known = new Map<Value, Value>();
  constructor(private readonly graph: Graph) {}

  of(value: Value): Value | undefined { return this.known.get(value); }

  add(value: Value, gradient: Value): void {
    const before = this.known.get(value);
    this.known.set(value, before ? add(this.graph, before, gradient) : gradient);
  }
}
