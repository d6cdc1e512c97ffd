/** The seam of training methods: what a loss needs, its formula as graph, and its figures. The loop and the engine know none by name. */
import type { Tape } from '../autodiff';
import type { RowKind } from '../batch';
import type { Value } from '../graph';
import { addOp, affine, mulOp, subOp, weightedSumOp } from '../ops';

export interface LossParameter { default: number; minimum: number; maximum: number; help: string }

export interface Loss {
  readonly id: string;
  readonly title: string;
  readonly formula: string;
  readonly source: string;
  readonly needs: {
    rows: RowKind;
    /** Log-probabilities of the responses before training. */
    reference: boolean;
    /** Log-probabilities are means over the response's tokens, not sums. */
    averageLogps: boolean;
    /** Learns the prompt's tokens too where the recipe leaves it open. */
    learnPrompt: boolean;
  };
  /** "sum-over-labels": micro-batch losses are sums that the whole window's labels divide; "mean": each is a mean already. */
  readonly reduction: 'sum-over-labels' | 'mean';
  readonly parameters: Readonly<Record<string, LossParameter>>;
  /** The loss as a scalar, and figures per row (float32 [B]) or per batch (scalars). */
  build(x: LossInputs, parameters: Readonly<Record<string, number>>): { loss: Value; figures: Record<string, Value> };
  /** TRL's names for the figures of one micro-batch; a figure with nothing to average is left out. */
  metrics(figures: Figures, parameters: Readonly<Record<string, number>>): Record<string, number>;
}

/** Values the formula is written with, all float32 [B] but `nll`, a scalar. */
export interface LossInputs {
  vectors: Vectors;
  /** Log-probability of each response, by group. */
  logps: Readonly<Record<string, Value>>;
  reference: Readonly<Record<string, Value>>;
  nll: Value;
  /** kto: +1 for a desired response, −1 for an undesired one. */
  signs: Value;
}

/** What came out of the graph, fillers cut off. */
export interface Figures {
  rows: Readonly<Record<string, Float32Array>>;
  reference: Readonly<Record<string, Float32Array>>;
  /** Tokens of each response, by group. */
  lengths: Readonly<Record<string, Float32Array>>;
  signs: Float32Array;
  nll: number;
}

/** Arithmetic on vectors over the rows of a batch. */
export class Vectors {
  /** rowWeights float32 [B]: 1/n, or 0 for rows that only fill up. */
  constructor(readonly tape: Tape, private readonly rowWeights: Value) {}

  add(a: Value, b: Value): Value { return this.tape.apply(addOp, [a, b], null); }
  sub(a: Value, b: Value): Value { return this.tape.apply(subOp, [a, b], null); }
  mul(a: Value, b: Value): Value { return this.tape.apply(mulOp, [a, b], null); }
  /** factor · a + offset. */
  affine(a: Value, factor: number, offset = 0): Value { return affine(this.tape, a, factor, offset); }
  /** Mean over the rows → scalar. */
  mean(a: Value): Value { return this.tape.apply(weightedSumOp, [a, this.rowWeights], null); }
}

export const mean = (values: ArrayLike<number>): number => Array.from(values).reduce((sum, value) => sum + value, 0) / values.length;

/** Beta as most preference losses have it. */
export const BETA: LossParameter = { default: 0.1, minimum: 0, maximum: 100, help: 'How sharply the preference is drawn, and how far the model may leave the reference.' };
export const LABEL_SMOOTHING: LossParameter = { default: 0, minimum: 0, maximum: 0.5, help: 'Assumed share of pairs whose labels are swapped.' };
