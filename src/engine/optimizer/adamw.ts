/** AdamW: Adam with decoupled weight decay.  Source: arXiv 1711.05101, Algorithm 2; arithmetic as torch.optim.AdamW 2.13. */
import type { Parameter } from '../trainingEngine';
import type { Optimizer, OptimizerKind, OptimizerOptions } from './optimizer';
import { Slots } from './slots';

export const adamw: OptimizerKind = {
  id: 'adamw',
  title: 'AdamW',
  stateBytesPerParameter: 8,
  create: options => new AdamW(options),
};

export class AdamW implements Optimizer {
  private readonly slots = new Slots();

  constructor(private readonly options: Pick<OptimizerOptions, 'beta1' | 'beta2' | 'epsilon' | 'weightDecay'>) {}

  step(parameters: readonly Parameter[], gradients: readonly Float32Array[], learningRate: number): void {
    const { beta1, beta2, epsilon, weightDecay } = this.options;
    const step = ++this.slots.step;
    const stepSize = learningRate / (1 - beta1 ** step);
    /** Of a root of the second moment: a product is cheaper than the quotient, and differs in the last bit of a double. */
    const correction = 1 / Math.sqrt(1 - beta2 ** step);
    parameters.forEach(({ name, data, decays }, index) => {
      const gradient = gradients[index]!;
      const mean = this.slots.get('exp_avg', name, data.length);
      const square = this.slots.get('exp_avg_sq', name, data.length);
      const keep = decays ? 1 - learningRate * weightDecay : 1;
      for (let i = 0; i < data.length; i++) {
        const g = gradient[i]!, before = mean[i]!;
        const m = Math.fround(before + (1 - beta1) * (g - before));
        const v = Math.fround(square[i]! * beta2 + (1 - beta2) * g * g);
        mean[i] = m;
        square[i] = v;
        data[i] = data[i]! * keep - (stepSize * m) / (Math.sqrt(v) * correction + epsilon);
      }
    });
  }

  state() {
    return this.slots.state();
  }

  load(state: Parameters<Optimizer['load']>[0]): void {
    this.slots.load(state);
  }
}
