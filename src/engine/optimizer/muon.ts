/** Muon: momentum made orthogonal by Newton–Schulz steps, for matrices; AdamW for the rest.
 *  Source: torch.optim.Muon 2.13 (nesterov, "match_rms_adamw", so that AdamW's rates fit); orthogonalisation after K. Jordan. */
import type { Parameter } from '../trainingEngine';
import { AdamW } from './adamw';
import type { Optimizer, OptimizerKind, OptimizerOptions, OptimizerState } from './optimizer';
import { Slots } from './slots';

const MOMENTUM = 0.95;
const NEWTON_SCHULZ_STEPS = 5;
/** Coefficients of the quintic step a·X + (b·XXᵀ + c·(XXᵀ)²)·X. */
const [A, B, C] = [3.4445, -4.775, 2.0315];
const NORM_EPSILON = 1e-7;
/** Root mean square that AdamW's updates usually have (arXiv 2502.16982). */
const ADAMW_UPDATE_RMS = 0.2;

export const muon: OptimizerKind = {
  id: 'muon',
  title: 'Muon',
  stateBytesPerParameter: 4,
  create: options => new Muon(options),
};

export class Muon implements Optimizer {
  private readonly slots = new Slots();
  private readonly rest: AdamW;

  constructor(private readonly options: OptimizerOptions) {
    this.rest = new AdamW(options);
  }

  step(parameters: readonly Parameter[], gradients: readonly Float32Array[], learningRate: number): void {
    this.slots.step++;
    const others = parameters.map((_, index) => index).filter(index => !isMatrix(parameters[index]!));
    this.rest.step(others.map(index => parameters[index]!), others.map(index => gradients[index]!), learningRate);
    parameters.forEach((parameter, index) => {
      if (isMatrix(parameter)) this.stepMatrix(parameter, gradients[index]!, learningRate);
    });
  }

  private stepMatrix({ name, data, shape, decays }: Parameter, gradient: Float32Array, learningRate: number): void {
    const [rows, columns] = shape as [number, number];
    const momentum = this.slots.get('momentum_buffer', name, data.length);
    const update = new Float32Array(data.length);
    for (let i = 0; i < data.length; i++) {
      const g = gradient[i]!;
      const m = Math.fround(momentum[i]! * MOMENTUM + (1 - MOMENTUM) * g);
      momentum[i] = m;
      update[i] = g + MOMENTUM * (m - g);
    }
    const direction = orthogonalised(update, rows, columns);
    const rate = learningRate * ADAMW_UPDATE_RMS * Math.sqrt(Math.max(rows, columns));
    const keep = decays ? 1 - learningRate * this.options.weightDecay : 1;
    for (let i = 0; i < data.length; i++) data[i] = data[i]! * keep - rate * direction[i]!;
  }

  state(): OptimizerState {
    const rest = this.rest.state();
    return {
      tensors: new Map([...this.slots.state().tensors, ...rest.tensors]),
      scalars: { step: this.slots.step, rest_step: rest.scalars.step ?? 0 },
    };
  }

  load({ tensors, scalars }: OptimizerState): void {
    const isOwn = (name: string): boolean => name.startsWith('momentum_buffer/');
    this.slots.load({ tensors: new Map([...tensors].filter(([name]) => isOwn(name))), scalars });
    this.rest.load({ tensors: new Map([...tensors].filter(([name]) => !isOwn(name))), scalars: { step: scalars.rest_step ?? 0 } });
  }
}

/** Embeddings and heads are tables, not maps: Muon's authors leave them to AdamW. */
function isMatrix({ name, shape }: Parameter): boolean {
  return shape.length === 2 && !/embed_tokens|lm_head/.test(name);
}

/** The nearest matrix with singular values about 1.  x [rows,columns] → [rows,columns]; x is used up. */
export function orthogonalised(x: Float32Array, rows: number, columns: number): Float32Array {
  if (rows > columns) return transposed(orthogonalised(transposed(x, rows, columns), columns, rows), columns, rows);
  let norm = 0;
  for (let i = 0; i < x.length; i++) norm += x[i]! * x[i]!;
  norm = Math.max(Math.sqrt(norm), NORM_EPSILON);
  let current = x.map(value => value / norm);
  for (let step = 0; step < NEWTON_SCHULZ_STEPS; step++) {
    const gram = timesTransposed(current, current, rows, columns, rows);
    const gramSquared = timesTransposed(gram, gram, rows, rows, rows);
    const mix = gram.map((value, i) => B * value + C * gramSquared[i]!);
    const next = new Float32Array(current.length);
    for (let r = 0; r < rows; r++) {
      const out = next.subarray(r * columns, (r + 1) * columns);
      for (let c = 0; c < columns; c++) out[c] = A * current[r * columns + c]!;
      for (let k = 0; k < rows; k++) {
        const weight = mix[r * rows + k]!;
        const source = current.subarray(k * columns, (k + 1) * columns);
        for (let c = 0; c < columns; c++) out[c] = out[c]! + weight * source[c]!;
      }
    }
    current = next;
  }
  return current;
}

/** x·yᵀ.  x [m,k], y [n,k] → [m,n]. */
function timesTransposed(x: Float32Array, y: Float32Array, m: number, k: number, n: number): Float32Array {
  const out = new Float32Array(m * n);
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < n; j++) {
      let sum = 0;
      for (let l = 0; l < k; l++) sum += x[i * k + l]! * y[j * k + l]!;
      out[i * n + j] = sum;
    }
  }
  return out;
}

function transposed(x: Float32Array, rows: number, columns: number): Float32Array {
  const out = new Float32Array(x.length);
  for (let r = 0; r < rows; r++) for (let c = 0; c < columns; c++) out[c * rows + r] = x[r * columns + c]!;
  return out;
}
