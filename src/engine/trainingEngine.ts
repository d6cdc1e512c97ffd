/** What the training loop needs of the engine: gradients and losses of micro-batches, and the trainable tensors. */
import type { TrainingRow } from '../shared/rows';

/** A trainable tensor; the optimizer updates `data` in place and the engine reads it at the next step. */
export interface Parameter {
  /** PEFT's key without prefix changes ("base_model.model.model.layers.0.self_attn.q_proj.lora_A.weight"), or the model's tensor name. */
  readonly name: string;
  readonly shape: readonly number[];
  readonly data: Float32Array;
  /** False for norms and biases, which weight decay leaves alone. */
  readonly decays: boolean;
}

/** Reference log-probabilities of a row's responses, by the reduction the loss asks for (sum or mean). */
export type ReferenceLogps = number[];

/** A row with what the loss needs beside its ids. */
export interface BatchRow { row: TrainingRow; reference?: ReferenceLogps }

export interface StepResult {
  /** Loss of the micro-batch before scaling: summed NLL where the loss reduces over the window (sft), else its mean. */
  loss: number;
  /** TRL's names: rewards/chosen, logps/chosen, nll_loss, … */
  metrics: Record<string, number>;
  /** d(loss · scale) of every parameter, in `parameters` order. The caller may change them; the next step writes into the same arrays. */
  gradients: Float32Array[];
}

export interface StepOptions {
  /** Gradient scale: 1/(labelled tokens of the window) for summed losses, 1/(micro-batches of the window) otherwise. */
  scale: number;
  /** Seeds dropout and embedding noise of this micro-batch; the same seed gives the same step. */
  seed: number;
}

export interface TrainingEngine {
  readonly parameters: readonly Parameter[];
  /** How micro-batch losses make up a step's loss: see StepResult.loss. */
  readonly reduction: 'sum-over-labels' | 'mean';
  /** True when rows need `reference` (dpo, ipo, kto). */
  readonly needsReference: boolean;
  /** Number of tokens a row is learnt from, for sums over labels. */
  labelCount(row: TrainingRow): number;
  /** Builds the graph of `step` and takes the weights in, which takes seconds; the first step does it where nobody asked. */
  prepare(): Promise<void>;
  step(rows: readonly BatchRow[], options: StepOptions): Promise<StepResult>;
  /** Forward only: no dropout, no noise. */
  evaluate(rows: readonly BatchRow[]): Promise<{ loss: number; metrics: Record<string, number> }>;
  /** Log-probabilities of every response under the parameters as they are now, for use as reference. */
  reference(rows: readonly TrainingRow[]): Promise<ReferenceLogps[]>;
  release(): Promise<void>;
}
