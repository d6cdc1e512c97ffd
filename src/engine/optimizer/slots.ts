/** Per-parameter arrays of an optimizer (moments and the like), zero when first asked for, and the count of updates. */
import type { OptimizerState } from './optimizer';

export class Slots {
  private tensors = new Map<string, Float32Array>();
  /** Updates done. */
  step = 0;

  /** The array of that kind for a parameter; always the same one, so writing to it is remembering. */
  get(kind: string, parameter: string, length: number): Float32Array {
    const name = `${kind}/${parameter}`;
    let slot = this.tensors.get(name);
    if (slot === undefined) this.tensors.set(name, (slot = new Float32Array(length)));
    if (slot.length !== length) throw new Error(`Optimizer state ${name} has ${slot.length} numbers, not ${length}.`);
    return slot;
  }

  state(): OptimizerState {
    return { tensors: this.tensors, scalars: { step: this.step } };
  }

  load(state: OptimizerState): void {
    this.tensors = new Map(state.tensors);
    this.step = state.scalars.step ?? 0;
  }
}
