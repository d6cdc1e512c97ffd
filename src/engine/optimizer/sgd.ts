/** Plain stochastic gradient descent; decay is added to the gradient.  Numbers as torch.optim.SGD 2.13 without momentum. */
import type { Parameter } from '../trainingEngine';
import type { Optimizer, OptimizerKind, OptimizerState } from './optimizer';

export const sgd: OptimizerKind = {
  id: 'sgd',
  title: 'SGD',
  stateBytesPerParameter: 0,
  create: options => new Sgd(options.weightDecay),
};

export class Sgd implements Optimizer {
  constructor(private readonly weightDecay: number) {}

  step(parameters: readonly Parameter[], gradients: readonly Float32Array[], learningRate: number): void {
    parameters.forEach(({ data, decays }, index) => {
      const gradient = gradients[index]!;
      const decay = decays ? this.weightDecay : 0;
      for (let i = 0; i < data.length; i++) data[i] = data[i]! - learningRate * Math.fround(gradient[i]! + decay * data[i]!);
    });
  }

  state(): OptimizerState {
    return { tensors: new Map(), scalars: {} };
  }

  load(): void {}
}
