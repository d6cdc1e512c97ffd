import { strict as assert } from 'node:assert';
import path from 'node:path';
import { createTrainingEngine, type TrainingEngineOptions } from '../../src/engine';
import { toHalf } from '../../src/engine/device/toHalf';
import { cast, gemm, Graph, softmax } from '../../src/engine/graph';
import { LossScale } from '../../src/engine/optimizer';
import { Random } from '../../src/shared/random';
import type { PairRow } from '../../src/shared/rows';
import { openReferenceModel } from '../../src/training/parity/referenceModel';

const MODELS = path.join(import.meta.dirname, '../fixtures/reference/training/models');
const TARGETS = ['q_proj', 'k_proj', 'v_proj', 'o_proj', 'gate_proj', 'up_proj', 'down_proj'];
/** float16 has 11 bits (5e-4): a loss averages that away, a gradient is a product of a few such roundings. */
const TOLERANCE = { loss: 1e-3, gradient: 2e-2 } as const;

async function step(model: string, options: Partial<TrainingEngineOptions>, factor: number) {
  const { spec, tensors } = await openReferenceModel(path.join(MODELS, model));
  const engine = await createTrainingEngine({
    spec, tensors, loss: { id: 'orpo', parameters: {} }, batchRows: 2, maxLength: 64, gradientCheckpointing: true, threads: 1,
    adapter: { rank: 4, alpha: 8, dropout: 0, targetModules: TARGETS, modulesToSave: [], useRslora: false, seed: 3 }, ...options,
  });
  try {
    const random = new Random(5);
    for (const { name, data } of engine.parameters) if (name.includes('lora_B')) data.forEach((_, i) => { data[i] = random.normal() * 0.05; });
    const ids = (count: number) => Array.from({ length: count }, () => random.integer(512));
    const rows = [[9, 12, 7], [4, 6, 15]].map(([prompt, chosen, rejected]): { row: PairRow } => ({ row: { prompt: ids(prompt), chosen: ids(chosen), rejected: ids(rejected) } }));
    const { loss, gradients } = await engine.step(rows, { scale: factor, seed: 0 });
    return { loss, gradients: gradients.map(gradient => gradient.map(value => value / factor)) };
  } finally {
    await engine.release();
  }
}

describe('training in float16', function () {
  this.timeout(120_000);

  // Computed by the CPU, which rounds to float16 between its nodes: the graph is the one that a GPU gets.
  for (const model of ['llama', 'gemma2', 'qwen3', 'phi3'])
    it(`has the loss of float32 to ${TOLERANCE.loss} and its gradients to ${TOLERANCE.gradient}, once the loss is scaled (${model})`, async () => {
      const want = await step(model, {}, 1);
      const got = await step(model, { isHalf: true }, 2 ** 10);
      const lossError = Math.abs(got.loss - want.loss) / Math.abs(want.loss);
      assert.ok(lossError > 0 && lossError <= TOLERANCE.loss, `loss ${lossError}`);
      got.gradients.forEach((gradient, i) => {
        const largest = Math.max(...want.gradients[i].map(Math.abs));
        const worst = Math.max(...gradient.map((value, at) => Math.abs(value - want.gradients[i][at])));
        assert.ok(worst <= TOLERANCE.gradient * largest, `gradient ${i}: ${worst / largest}`);
      });
    });

  it('multiplies in float16, and sums, exponentiates and answers in float32', () => {
    const g = new Graph();
    const [x, w] = [g.input('x', 'float32', ['T', 4]), g.external('w', 'bfloat16', [4, 4], '/model', 0, 32)];
    const score = gemm(g, x, cast(g, w, 'float32'), { transB: true });
    g.output(softmax(g, score), 'weights');
    g.output(gemm(g, score, x, { transA: true }), 'product');
    toHalf(g);
    assert.deepEqual(g.nodes.map(({ op, inputs, outputs }) => `${op}(${inputs.map(({ dtype }) => dtype).join(', ')}) ${outputs[0].dtype}`), [
      'Cast(float32) float16', 'Cast(bfloat16) float16', 'Gemm(float16, float16) float16', 'Cast(float16) float32', 'Softmax(float32) float32', 'Identity(float32) float32',
      'Gemm(float16, float16) float16', 'Cast(float16) float32', 'Identity(float32) float32',
    ]);
    assert.deepEqual(g.outputs.map(({ dtype }) => dtype), ['float32', 'float32']);
  });

  it('multiplies in float16 inside a loop, too, and hands float32 from turn to turn', () => {
    const [g, body] = [new Graph(), new Graph()];
    const x = g.input('x', 'float32', [4, 4]);
    const product = gemm(g, x, x);
    body.output(softmax(body, gemm(body, product, x)));
    g.output(g.node('Loop', [], { body: { body } as never }, [{ dtype: 'float32', shape: [4, 4] }])[0]);
    toHalf(g);
    assert.deepEqual(g.nodes.map(({ op, outputs }) => `${op} ${outputs[0].dtype}`), ['Cast float16', 'Gemm float16', 'Loop float32']);
    assert.deepEqual(body.nodes.map(({ op, outputs }) => `${op} ${outputs[0].dtype}`), ['Gemm float16', 'Cast float32', 'Softmax float32']);
  });
});

describe('the scale of a loss', () => {
  it('halves when gradients overflow and doubles after 200 good updates', () => {
    const scale = new LossScale();
    assert.equal(scale.factor, 65536);
    scale.update(true, []);
    for (let i = 0; i < 199; i++) scale.update(false, []);
    assert.deepEqual(scale.state, { factor: 32768, good_steps: 199 });
    scale.update(false, []);
    assert.deepEqual(scale.state, { factor: 65536, good_steps: 0 });
  });

  it('takes gradients for an overflow that are infinite while the loss is not, as long as a smaller factor is left', () => {
    const infinite = [Float32Array.of(1, Infinity)];
    assert.ok(new LossScale().isOverflow({ loss: 2, gradients: infinite }));
    assert.ok(!new LossScale().isOverflow({ loss: 2, gradients: [Float32Array.of(1)] }));
    assert.ok(!new LossScale().isOverflow({ loss: NaN, gradients: infinite }));
    assert.ok(!new LossScale({ factor: 1, good_steps: 3 }).isOverflow({ loss: 2, gradients: infinite }));
  });

  it('is divided out exactly', () => {
    const gradient = Float32Array.of(3 * 65536, 1);
    new LossScale().update(false, [gradient]);
    assert.deepEqual([...gradient], [3, 2 ** -16]);
  });
});
