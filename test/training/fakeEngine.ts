/** A TrainingEngine small enough to test the loop in milliseconds: a bigram model, logits of the next token = U · E[token].
 *  It trains by the same interface as the real one, dropout included, and repeats itself to the last bit. */
import type { BatchRow, Parameter, StepOptions, StepResult, TrainingEngine } from '../../src/engine/trainingEngine';
import type { TrainingRow } from '../../src/shared/rows';
import { Random } from '../../src/shared/random';

export const VOCABULARY = 12;
const WIDTH = 4;
const BETA = 0.1;
const DROPOUT = 0.2;

export interface FakeOptions {
  readonly reduction?: TrainingEngine['reduction'];
  readonly needsReference?: boolean;
  /** Gradients of a loss that is scaled by more are infinite, as float16's. */
  readonly largestScale?: number;
  /** Called when the engine is to get ready. */
  readonly onPrepare?: () => void;
  /** Called before each step; may throw, count, or spoil weights. */
  readonly onStep?: (rows: readonly BatchRow[], parameters: readonly Parameter[]) => void;
}

/** Scored positions of a row: the token before and the token to predict, and the sign of its log-probability in the margin. */
interface Scored { pairs: [number, number][]; sign: 1 | -1 }

export class FakeEngine implements TrainingEngine {
  readonly reduction: TrainingEngine['reduction'];
  readonly needsReference: boolean;
  readonly parameters: readonly Parameter[];
  referenceCalls = 0;

  constructor(private readonly options: FakeOptions = {}) {
    this.reduction = options.reduction ?? 'mean';
    this.needsReference = options.needsReference ?? false;
    const random = new Random(7);
    const matrix = (name: string): Parameter =>
      ({ name, shape: [VOCABULARY, WIDTH], data: Float32Array.from({ length: VOCABULARY * WIDTH }, () => random.uniform() - 0.5), decays: true });
    this.parameters = [matrix('base_model.model.embed.lora_A.weight'), matrix('base_model.model.head.lora_A.weight')];
  }

  labelCount(row: TrainingRow): number {
    return 'labels' in row ? row.labels.slice(1).filter(label => label >= 0).length : 0;
  }

  async prepare(): Promise<void> { this.options.onPrepare?.(); }

  async step(rows: readonly BatchRow[], { scale, seed }: StepOptions): Promise<StepResult> {
    this.options.onStep?.(rows, this.parameters);
    const random = new Random(seed);
    const mask = Array.from({ length: WIDTH }, () => (random.uniform() < DROPOUT ? 0 : 1 / (1 - DROPOUT)));
    const gradients = this.parameters.map(({ data }) => new Float32Array(data.length));
    const figures = this.run(rows, mask, scale, gradients);
    if (scale > (this.options.largestScale ?? Infinity)) gradients[1][0] = Infinity;
    return { ...figures, gradients };
  }

  async evaluate(rows: readonly BatchRow[]): ReturnType<TrainingEngine['evaluate']> {
    return this.run(rows, Array.from({ length: WIDTH }, () => 1), 0, undefined);
  }

  async reference(rows: readonly TrainingRow[]): Promise<number[][]> {
    this.referenceCalls++;
    const mask = Array.from({ length: WIDTH }, () => 1);
    return rows.map(row => scoredOf(row).map(({ pairs }) => this.logProbability(pairs, mask)));
  }

  async release(): Promise<void> {}

  private run(rows: readonly BatchRow[], mask: number[], scale: number, gradients: Float32Array[] | undefined) {
    const isSum = this.reduction === 'sum-over-labels';
    const weight = isSum ? 1 : 1 / rows.length;
    let loss = 0;
    let margins = 0;
    for (const { row, reference } of rows) {
      const scored = scoredOf(row);
      const logps = scored.map(({ pairs }, i) => this.logProbability(pairs, mask) - (this.needsReference ? reference![i]! : 0));
      if (isSum) {
        loss -= logps[0]!;
        if (gradients) this.backward(scored[0]!.pairs, mask, -scale, gradients);
        continue;
      }
      const margin = scored.reduce((sum, { sign }, i) => sum + sign * logps[i]!, 0);
      margins += margin * weight;
      loss += weight * Math.log1p(Math.exp(-BETA * margin));
      const coefficient = (-BETA / (1 + Math.exp(BETA * margin))) * weight * scale;
      if (gradients) scored.forEach(({ pairs, sign }) => this.backward(pairs, mask, coefficient * sign, gradients));
    }
    return { loss, metrics: { 'rewards/margins': margins } };
  }

  private probabilities(token: number, mask: number[]): number[] {
    const [embed, head] = this.parameters as [Parameter, Parameter];
    const exponentials = Array.from({ length: VOCABULARY }, (_, v) => {
      let logit = 0;
      for (let d = 0; d < WIDTH; d++) logit += embed.data[token * WIDTH + d]! * mask[d]! * head.data[v * WIDTH + d]!;
      return Math.exp(logit);
    });
    const sum = exponentials.reduce((a, b) => a + b, 0);
    return exponentials.map(value => value / sum);
  }

  private logProbability(pairs: [number, number][], mask: number[]): number {
    return pairs.reduce((sum, [from, to]) => sum + Math.log(this.probabilities(from, mask)[to]!), 0);
  }

  /** Adds coefficient · d(log-probability). */
  private backward(pairs: [number, number][], mask: number[], coefficient: number, gradients: Float32Array[]): void {
    const [embed, head] = this.parameters as [Parameter, Parameter];
    const [dEmbed, dHead] = gradients as [Float32Array, Float32Array];
    for (const [from, to] of pairs) {
      this.probabilities(from, mask).forEach((probability, v) => {
        const dLogit = coefficient * ((v === to ? 1 : 0) - probability);
        for (let d = 0; d < WIDTH; d++) {
          dEmbed[from * WIDTH + d]! += dLogit * mask[d]! * head.data[v * WIDTH + d]!;
          dHead[v * WIDTH + d]! += dLogit * mask[d]! * embed.data[from * WIDTH + d]!;
        }
      });
    }
  }
}

function scoredOf(row: TrainingRow): Scored[] {
  if ('ids' in row) {
    const pairs = row.ids.slice(1).flatMap((id, i): [number, number][] => (row.labels[i + 1]! >= 0 ? [[row.ids[i]!, id]] : []));
    return [{ pairs, sign: 1 }];
  }
  const after = (response: number[], sign: 1 | -1): Scored => {
    const ids = [...row.prompt.slice(-1), ...response];
    return { pairs: response.map((id, i) => [ids[i]!, id]), sign };
  };
  if ('response' in row) return [after(row.response, row.label ? 1 : -1), after(row.kl_response!, row.label ? -1 : 1)];
  return [after(row.chosen, 1), after(row.rejected, -1)];
}
