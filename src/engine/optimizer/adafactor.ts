/** Adafactor: second moments kept as row and column means.  Source: arXiv 1804.04235; numbers as transformers 5.23's Adafactor. */
import type { Parameter } from '../trainingEngine';
import type { AdafactorOptions, Optimizer, OptimizerKind, OptimizerState } from './optimizer';
import { Slots } from './slots';

/** transformers' `eps`: added to squared gradients, and the least scale of a parameter. */
const SQUARE_EPSILON = 1e-30;
const SCALE_EPSILON = 1e-3;

export const adafactor: OptimizerKind = {
  id: 'adafactor',
  title: 'Adafactor',
  stateBytesPerParameter: 0.5,
  create: options => new Adafactor(options.adafactor, options.weightDecay),
};

export class Adafactor implements Optimizer {
  private readonly slots = new Slots();

  constructor(private readonly options: AdafactorOptions, private readonly weightDecay: number) {}

  step(parameters: readonly Parameter[], gradients: readonly Float32Array[], learningRate: number): void {
    const { decayRate, beta1, clipThreshold } = this.options;
    const step = ++this.slots.step;
    const beta2 = 1 - step ** decayRate;
    parameters.forEach((parameter, index) => {
      const { name, data, shape, decays } = parameter;
      const rate = this.rate(parameter, learningRate, step);
      const update = shape.length >= 2
        ? this.factored(parameter, gradients[index]!, beta2)
        : this.unfactored(parameter, gradients[index]!, beta2);
      const scale = rate / Math.max(1, rootMeanSquare(update) / clipThreshold);
      for (let i = 0; i < update.length; i++) update[i] = update[i]! * scale;
      const applied = beta1 === null ? update : decayInto(this.slots.get('exp_avg', name, data.length), update, beta1);
      const keep = decays ? 1 - this.weightDecay * rate : 1;
      for (let i = 0; i < data.length; i++) data[i] = data[i]! * keep - applied[i]!;
    });
  }

  /** The schedule's rate, or Adafactor's own (1/sqrt(step), capped), times the parameter's scale where asked. */
  private rate({ data }: Parameter, learningRate: number, step: number): number {
    const { relativeStep, warmupInit, scaleParameter } = this.options;
    const cap = warmupInit ? 1e-6 * step : 1e-2;
    const rate = relativeStep ? Math.min(cap, 1 / Math.sqrt(step)) : learningRate;
    return scaleParameter ? rate * Math.max(SCALE_EPSILON, rootMeanSquare(data)) : rate;
  }

  /** g / sqrt(row·column estimate), matrix by matrix over the last two axes. */
  private factored({ name, shape }: Parameter, gradient: Float32Array, beta2: number): Float32Array {
    const columns = shape[shape.length - 1]!;
    const rows = shape[shape.length - 2]!;
    const matrices = gradient.length / (rows * columns);
    const rowMeans = this.slots.get('exp_avg_sq_row', name, matrices * rows);
    const columnMeans = this.slots.get('exp_avg_sq_col', name, matrices * columns);
    const update = new Float32Array(gradient.length);
    const columnSums = new Float64Array(columns);
    for (let matrix = 0; matrix < matrices; matrix++) {
      const base = matrix * rows * columns;
      columnSums.fill(0);
      let meanOfRows = 0;
      for (let r = 0; r < rows; r++) {
        let rowSum = 0;
        for (let c = 0; c < columns; c++) {
          const g = gradient[base + r * columns + c]!;
          const square = g * g + SQUARE_EPSILON;
          rowSum += square;
          columnSums[c] = columnSums[c]! + square;
        }
        const row = matrix * rows + r;
        rowMeans[row] = rowMeans[row]! * beta2 + (1 - beta2) * (rowSum / columns);
        meanOfRows += rowMeans[row]! / rows;
      }
      for (let c = 0; c < columns; c++) {
        const column = matrix * columns + c;
        columnMeans[column] = columnMeans[column]! * beta2 + (1 - beta2) * (columnSums[c]! / rows);
        columnSums[c] = 1 / Math.sqrt(columnMeans[column]!);
      }
      for (let r = 0; r < rows; r++) {
        const rowFactor = 1 / Math.sqrt(rowMeans[matrix * rows + r]! / meanOfRows);
        for (let c = 0; c < columns; c++) {
          const at = base + r * columns + c;
          update[at] = rowFactor * columnSums[c]! * gradient[at]!;
        }
      }
    }
    return update;
  }

  private unfactored({ name }: Parameter, gradient: Float32Array, beta2: number): Float32Array {
    const squares = this.slots.get('exp_avg_sq', name, gradient.length);
    const update = new Float32Array(gradient.length);
    for (let i = 0; i < gradient.length; i++) {
      const g = gradient[i]!;
      squares[i] = squares[i]! * beta2 + (1 - beta2) * (g * g + SQUARE_EPSILON);
      update[i] = g / Math.sqrt(squares[i]!);
    }
    return update;
  }

  state(): OptimizerState {
    return this.slots.state();
  }

  load(state: OptimizerState): void {
    this.slots.load(state);
  }
}

function rootMeanSquare(values: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]! * values[i]!;
  return Math.sqrt(sum / Math.max(1, values.length));
}

/** average ← beta·average + (1 − beta)·update; returns the average. */
function decayInto(average: Float32Array, update: Float32Array, beta: number): Float32Array {
  for (let i = 0; i < average.length; i++) average[i] = average[i]! * beta + (1 - beta) * update[i]!;
  return average;
}
