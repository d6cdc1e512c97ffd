/** Lion: the sign of an interpolated momentum.  Source: arXiv 2302.06675, Algorithm 2; decoupled decay as there. */
import type { Parameter } from '../trainingEngine';
import type { Optimizer, OptimizerKind, OptimizerOptions, OptimizerState } from './optimizer';
import { Slots } from './slots';

export const lion: OptimizerKind = {
  id: 'lion',
  title: 'Lion',
  stateBytesPerParameter: 4,
  create: options => new Lion(options),
};

export class Lion implements Optimizer {
  private readonly slots = new Slots();

  constructor(private readonly options: Pick<OptimizerOptions, 'beta1' | 'beta2' | 'weightDecay'>) {}

  step(parameters: readonly Parameter[], gradients: readonly Float32Array[], learningRate: number): void {
    const { beta1, beta2, weightDecay } = this.options;
    this.slots.step++;
    parameters.forEach(({ name, data, decays }, index) => {
      const gradient = gradients[index]!;
      const momentum = this.slots.get('exp_avg', name, data.length);
      const keep = decays ? 1 - learningRate * weightDecay : 1;
      for (let i = 0; i < data.length; i++) {
        const g = gradient[i]!;
        const m = momentum[i]!;
        data[i] = data[i]! * keep - learningRate * Math.sign(beta1 * m + (1 - beta1) * g);
        momentum[i] = beta2 * m + (1 - beta2) * g;
      }
    });
  }

  state(): OptimizerState {
    return this.slots.state();
  }

  load(state: OptimizerState): void {
    this.slots.load(state);
  }
}
