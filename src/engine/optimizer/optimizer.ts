/** What an optimizer is: it changes parameters in place from their gradients, and its memory can be saved and put back. */
import type { Parameter } from '../trainingEngine';

/** All that an optimizer remembers between updates. Tensor names are "<kind>/<parameter name>". */
export interface OptimizerState {
  readonly tensors: ReadonlyMap<string, Float32Array>;
  readonly scalars: Readonly<Record<string, number>>;
}

export interface Optimizer {
  /** One update. `gradients` are in `parameters` order and are only read. */
  step(parameters: readonly Parameter[], gradients: readonly Float32Array[], learningRate: number): void;
  /** The live state, not a copy: save it before the next step. */
  state(): OptimizerState;
  /** Takes the state over (it is not copied). */
  load(state: OptimizerState): void;
}

/** Recipe values under plain names; an optimizer reads those it uses. */
export interface OptimizerOptions {
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  readonly weightDecay: number;
  readonly adafactor: AdafactorOptions;
}

/** transformers' Adafactor arguments; without `relativeStep` the run's schedule gives the rate. */
export interface AdafactorOptions {
  readonly relativeStep: boolean;
  readonly scaleParameter: boolean;
  readonly warmupInit: boolean;
  readonly decayRate: number;
  readonly beta1: number | null;
  readonly clipThreshold: number;
}

export interface OptimizerKind {
  readonly id: string;
  readonly title: string;
  /** Bytes of state a trainable number costs, for the memory estimate. */
  readonly stateBytesPerParameter: number;
  create(options: OptimizerOptions): Optimizer;
}

/** Merlina's defaults (those of torch and transformers). */
export const DEFAULT_OPTIMIZER_OPTIONS: OptimizerOptions = {
  beta1: 0.9,
  beta2: 0.999,
  epsilon: 1e-8,
  weightDecay: 0,
  adafactor: { relativeStep: false, scaleParameter: false, warmupInit: false, decayRate: -0.8, beta1: null, clipThreshold: 1 },
};
