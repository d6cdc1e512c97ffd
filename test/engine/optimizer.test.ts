import assert from 'node:assert/strict';
import {
  clipByGlobalNorm, DEFAULT_OPTIMIZER_OPTIONS, findOptimizer, firstNonFinite, globalNorm, GradientAccumulator, OPTIMIZER_NAMES, OPTIMIZERS,
} from '../../src/engine/optimizer';
import type { OptimizerOptions } from '../../src/engine/optimizer';
import { orthogonalised } from '../../src/engine/optimizer/muon';
import type { Parameter } from '../../src/engine/trainingEngine';

function parameter(name: string, shape: number[], data: number[], decays = true): Parameter {
  return { name, shape, data: Float32Array.from(data), decays };
}
function random(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 48271) % 2147483647) / 2147483647 - 0.5;
}
const near = (actual: ArrayLike<number>, expected: number[], tolerance = 1e-6) =>
  expected.forEach((value, i) => assert.ok(Math.abs(actual[i]! - value) <= tolerance, `[${i}] ${actual[i]}, not ${value}`));
const make = (name: string, options: Partial<OptimizerOptions> = {}) =>
  findOptimizer(name)!.kind.create({ ...DEFAULT_OPTIMIZER_OPTIONS, ...options });

describe('engine/optimizer', () => {
  it('AdamW moves by the rate at its first update whatever the size of the gradient, and decays apart from it', () => {
    const w = parameter('w', [2], [1, -2]);
    make('adamw_torch', { weightDecay: 0.1 }).step([w], [Float32Array.of(3, -0.001)], 0.01);
    near(w.data, [1 * 0.999 - 0.01, -2 * 0.999 + 0.01], 1e-5);
  });

  it('AdamW follows its formula over two updates (by hand)', () => {
    const w = parameter('w', [1], [0.5]);
    const optimizer = make('adamw_torch');
    optimizer.step([w], [Float32Array.of(1)], 0.1);
    optimizer.step([w], [Float32Array.of(-0.5)], 0.1);
    // m = 0.9·0.1 − 0.05 = 0.04, v = 0.999·0.001 + 0.00025 = 0.001249; m̂ = 0.04/0.19, v̂ = 0.001249/0.001999
    near(w.data, [0.5 - 0.1 - (0.1 * (0.04 / 0.19)) / Math.sqrt(0.001249 / 0.001999)], 1e-6);
  });

  it('SGD adds decay to the gradient, and leaves what does not decay alone', () => {
    const [w, norm] = [parameter('w', [1], [2]), parameter('norm', [1], [2], false)];
    make('sgd', { weightDecay: 0.5 }).step([w, norm], [Float32Array.of(1), Float32Array.of(1)], 0.1);
    near(w.data, [2 - 0.1 * 2]);
    near(norm.data, [2 - 0.1]);
  });

  it('Lion steps by the sign of the interpolated momentum', () => {
    const w = parameter('w', [3], [0, 0, 0]);
    const optimizer = make('lion', { beta1: 0.9, beta2: 0.99 });
    optimizer.step([w], [Float32Array.of(5, -1e-3, 0)], 0.01);
    near(w.data, [-0.01, 0.01, 0]);
    optimizer.step([w], [Float32Array.of(-0.1, 1e-3, 0)], 0.01); // 0.9·0.05 − 0.01 > 0; −0.9e-5 + 1e-4 > 0
    near(w.data, [-0.02, 0, 0]);
  });

  it('Adafactor keeps row and column means for matrices (by hand, first update)', () => {
    // beta2 = 1 − 1^−0.8 = 0, so the means are those of g² itself; a rank-one g² is restored exactly: every update is ±1.
    const w = parameter('w', [2, 2], [0, 0, 0, 0]);
    make('adafactor').step([w], [Float32Array.of(1, -2, 3, 6)], 0.1);
    near(w.data, [-0.1, 0.1, -0.1, -0.1], 1e-6);
  });

  it('Adafactor scales by the parameter and takes its own rate where asked', () => {
    const adafactor = { ...DEFAULT_OPTIMIZER_OPTIONS.adafactor, relativeStep: true, scaleParameter: true, warmupInit: true };
    const w = parameter('w', [2], [3, 3]);
    make('adafactor', { adafactor }).step([w], [Float32Array.of(2, -2)], 123);
    near(w.data, [3 - 3e-6, 3 + 3e-6], 5e-7);
    const cold = parameter('w', [2], [3, 3]);
    make('adafactor', { adafactor: { ...adafactor, warmupInit: false } }).step([cold], [Float32Array.of(2, -2)], 123);
    near(cold.data, [3 - 0.03, 3 + 0.03]);
  });

  it('Adafactor clips the update by its root mean square and averages it with beta1', () => {
    const adafactor = { ...DEFAULT_OPTIMIZER_OPTIONS.adafactor, clipThreshold: 0.5, beta1: 0.9 };
    const w = parameter('w', [2], [0, 0]);
    make('adafactor', { adafactor }).step([w], [Float32Array.of(2, -7)], 1);
    near(w.data, [-0.05, 0.05]);
  });

  it('Muon makes a matrix of singular values near one, whichever side is longer', () => {
    for (const [rows, columns] of [[3, 5], [5, 3], [4, 4]] as const) {
      const next = random(rows * 7 + columns);
      const x = orthogonalised(Float32Array.from({ length: rows * columns }, next), rows, columns);
      let trace = 0;
      for (const value of x) trace += value * value;
      const average = trace / Math.min(rows, columns); // mean squared singular value
      assert.ok(average > 0.4 && average < 1.4, `${rows}×${columns}: ${average}`);
    }
  });

  it('Muon leaves vectors and embeddings to AdamW', () => {
    const parameters = [parameter('norm', [2], [1, 1]), parameter('model.embed_tokens.weight', [1, 2], [1, 1])];
    const gradients = [Float32Array.of(1, -1), Float32Array.of(1, -1)];
    const twins = parameters.map(item => ({ ...item, data: item.data.slice() }));
    make('muon').step(parameters, gradients, 0.01);
    make('adamw_torch').step(twins, gradients, 0.01);
    parameters.forEach((item, i) => assert.deepEqual(item.data, twins[i]!.data));
  });

  for (const { id } of OPTIMIZERS) {
    it(`${id} goes on from saved state to the last bit`, () => {
      const next = random(11);
      const fresh = () => [parameter('a', [3, 4], Array.from({ length: 12 }, (_, i) => i / 7)), parameter('b', [5], [1, 2, 3, 4, 5])];
      const gradients = Array.from({ length: 6 }, () => [Float32Array.from({ length: 12 }, next), Float32Array.from({ length: 5 }, next)]);
      const options = { weightDecay: 0.1, adafactor: { ...DEFAULT_OPTIMIZER_OPTIONS.adafactor, beta1: 0.8 } };
      const whole = fresh();
      const straight = make(id, options);
      for (const gradient of gradients) straight.step(whole, gradient, 0.01);
      const halves = fresh();
      const first = make(id, options);
      for (const gradient of gradients.slice(0, 3)) first.step(halves, gradient, 0.01);
      const saved = first.state();
      const second = make(id, options);
      second.load({ tensors: new Map([...saved.tensors].map(([name, data]) => [name, data.slice()])), scalars: { ...saved.scalars } });
      for (const gradient of gradients.slice(3)) second.step(halves, gradient, 0.01);
      whole.forEach((item, i) => assert.deepEqual(halves[i]!.data, item.data));
    });

    it(`${id} lowers a quadratic`, () => {
      const w = parameter('w', [2, 3], [1, -2, 3, -1, 2, -3]);
      const optimizer = make(id);
      const loss = () => w.data.reduce((sum, value) => sum + value * value, 0);
      const before = loss();
      for (let i = 0; i < 50; i++) optimizer.step([w], [w.data.map(value => 2 * value)], 0.01);
      assert.ok(loss() < before * 0.97, `${loss()} of ${before}`);
    });
  }

  it('understands every name of the recipe, and says where it runs only the nearest one', () => {
    for (const name of OPTIMIZER_NAMES) assert.ok(findOptimizer(name));
    assert.equal(findOptimizer('adamw_torch')?.note, undefined);
    assert.equal(
      findOptimizer('paged_adamw_8bit')?.note,
      'optimizer_type "paged_adamw_8bit" runs as AdamW with float32 state in memory (neither 8-bit nor paged).',
    );
    assert.equal(findOptimizer('adam'), undefined);
  });
});

describe('engine/optimizer gradients', () => {
  it('sums a window and begins anew after clear', () => {
    const accumulator = new GradientAccumulator();
    accumulator.add([Float32Array.of(1, 2)]);
    accumulator.add([Float32Array.of(3, 4)]);
    assert.deepEqual([...accumulator.gradients[0]!], [4, 6]);
    accumulator.clear();
    accumulator.add([Float32Array.of(1, 1)]);
    assert.deepEqual([...accumulator.gradients[0]!], [1, 1]);
  });

  it('has one norm over all tensors, however long each is', () => {
    assert.equal(globalNorm([Float32Array.of(3), Float32Array.of(0, 4)]), 5);
    for (const length of [1, 4, 6, 7, 9]) assert.equal(globalNorm([Float32Array.from({ length }, (_, i) => i + 1)]), Math.sqrt(length * (length + 1) * (2 * length + 1) / 6), String(length));
    assert.equal(Number.isFinite(globalNorm([new Float32Array(5).fill(3e38)])), true);
    for (const bad of [NaN, Infinity]) assert.equal(Number.isFinite(globalNorm([Float32Array.of(1, 2), Float32Array.of(0, 0, 0, 0, bad)])), false);
  });

  it('clips to the norm asked for, and leaves what is below it', () => {
    const gradients = [Float32Array.of(3), Float32Array.of(0, 4)];
    clipByGlobalNorm(gradients, 5, 1);
    near(gradients[0]!, [0.6], 1e-6);
    near(gradients[1]!, [0, 0.8], 1e-6);
    const small = [Float32Array.of(0.1)];
    clipByGlobalNorm(small, 0.1, 1);
    assert.deepEqual(small, [Float32Array.of(0.1)]);
  });

  it('names the first tensor that is not finite', () => {
    const parameters = [parameter('a', [1], [0]), parameter('b', [2], [0, 0])];
    assert.equal(firstNonFinite(parameters, [Float32Array.of(1), Float32Array.of(1, NaN)]), 'b');
    assert.equal(firstNonFinite(parameters, [Float32Array.of(-Infinity), Float32Array.of(1, NaN)]), 'a');
    assert.equal(firstNonFinite(parameters, [Float32Array.of(3e38), Float32Array.of(1e-40, 0)]), undefined);
  });
});
