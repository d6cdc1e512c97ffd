/** Products with frozen weights in 8 bits: the integers they multiply, which nodes they stand in for, and a training step beside one in float32. */
import { strict as assert } from 'node:assert';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createTrainingEngine, eightBitDirections, eightBitLevels } from '../../src/engine';
import { eightBitProduct, gatherRows, gemm, Graph, inEightBits, multiplyInEightBits, printGraph, type Value } from '../../src/engine/graph';
import { floats, Session, tensor } from '../../src/engine/session';
import { eightBitToScratch } from '../../src/models/decode';
import { type CodeLevels, encodeEightBit, layEightBit, productShape } from '../../src/shared/eightBit';
import { linearModules, type DecoderSpec } from '../../src/shared/decoderSpec';
import { Random } from '../../src/shared/random';
import type { EightBitWeight, MappableTensor } from '../../src/shared/tensors';
import { openReferenceModel } from '../../src/training/parity/referenceModel';

const MODELS = path.join(import.meta.dirname, '../fixtures/reference/training/models');
const PAIRS = [
  { prompt: [3, 50, 7, 9], chosen: [12, 90, 33], rejected: [14, 2] },
  { prompt: [8, 8, 120], chosen: [5], rejected: [77, 30, 12, 11] },
];
const OUT = 12, IN = 20, ROWS = 5;

describe('products in 8 bits', function () {
  this.timeout(120_000);
  let folder: string;
  let levels: CodeLevels;
  const weight = uniform(OUT * IN, 1), x = uniform(ROWS * IN, 2), dy = uniform(ROWS * OUT, 3);
  x.fill(0, 2 * IN, 3 * IN); // a row of zeros
  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'merlina-int8-'));
    levels = await eightBitLevels();
  });
  after(() => rm(folder, { recursive: true, force: true }));

  it('are exact on this processor for codes as large as it may have', async () => {
    const g = new Graph();
    const [rows, inner, columns] = [16, 96, 40];
    const activation = inEightBits(g, g.input('x', 'float32', [rows, inner]));
    const file = path.join(folder, 'largest');
    await writeFile(file, layEightBit({ scales: new Float32Array(columns).fill(1), codes: new Int8Array(inner * columns).fill(levels) }));
    const matrix = { codes: g.external('codes', 'int8', [inner, columns], file, 4 * columns, inner * columns), scales: g.external('scales', 'float32', [columns], file, 0, 4 * columns) };
    g.output(eightBitProduct(g, activation, matrix), 'y');
    const y = await run(g, { x: { data: new Float32Array(rows * inner).fill(127), shape: [rows, inner] } });
    assert.deepEqual(new Set(y), new Set([inner * 127 * levels]));
  });

  it('scale each row by its largest and each column by its own, in both directions', async () => {
    const file = path.join(folder, 'weight');
    const weights = await lay(file, weight);
    for (const direction of ['forward', 'backward'] as const) {
      const [inner, columns] = productShape([OUT, IN], direction);
      const given = direction === 'forward' ? x : dy;
      const y = await run(graphOf(weights, direction), { x: { data: given, shape: [ROWS, inner] } });
      const { codes, scales } = encodeEightBit(weight, [OUT, IN], direction, levels);
      for (let row = 0; row < ROWS; row++) {
        const own = given.slice(row * inner, (row + 1) * inner);
        const scale = Math.fround(own.reduce((most, value) => Math.max(most, Math.abs(value)), 0) / 127);
        for (let column = 0; column < columns; column++) {
          let sum = 0;
          for (let k = 0; k < inner; k++) sum += (scale === 0 ? 0 : Math.round(own[k] / scale)) * codes[k * columns + column];
          const expected = sum * scale * scales[column];
          assert.ok(Math.abs(y[row * columns + column] - expected) <= 1e-6 * Math.abs(expected) + 1e-9, `${direction} ${row},${column}: ${y[row * columns + column]}, not ${expected}`);
        }
      }
    }
  });

  it('stand in for products that read the weight as their second input, and for nothing else', async () => {
    const weights = await lay(path.join(folder, 'weight'), weight);
    const g = new Graph();
    const w = g.input('w', 'float32', [OUT, IN]);
    const [xs, dys] = [g.input('x', 'float32', ['T', IN]), g.input('dy', 'float32', ['T', OUT])];
    const bias = g.input('bias', 'float32', [OUT]);
    g.output(gemm(g, xs, w, { transB: true, plus: bias, alpha: 0.5 }), 'y');
    g.output(gemm(g, xs, w, { transB: true }), 'again');
    g.output(gemm(g, dys, w), 'dx');
    g.output(gemm(g, dys, xs, { transA: true }), 'dw');
    g.output(gatherRows(g, w, g.input('ids', 'int64', ['N'])), 'rows');
    multiplyInEightBits(g, value => value === w ? { forward: weights.forward! } : undefined);
    const text = printGraph(g);
    const count = (op: string) => text.split(`= ${op}(`).length - 1;
    // The backward has no codes here. Both forward products share one x in codes.
    assert.deepEqual([count('com.microsoft.MatMulIntegerToFloat'), count('QuantizeLinear'), count('Gemm'), count('Gather'), count('Add')], [2, 1, 2, 1, 1]);
    assert.equal(g.initializers.filter(({ value }) => value.dtype === 'int8').length, 1);
  });

  for (const [model, gradientCheckpointing] of [['llama', false], ['llama', true], ['gemma2', false], ['phi3', false]] as const)
    it(`train close to float32 (${model}${gradientCheckpointing ? ', recomputed layers' : ''})`, async () => {
      const { spec, tensors } = await openReferenceModel(path.join(MODELS, model));
      const eightBit = await eightBitToScratch(tensors, folder, { directions: eightBitDirections(spec), levels });
      const [exact, coarse] = [await step(spec, tensors, undefined, gradientCheckpointing), await step(spec, tensors, eightBit, gradientCheckpointing)];
      assert.notEqual(coarse.loss, exact.loss);
      assert.ok(Math.abs(coarse.loss / exact.loss - 1) < LOSS_TOLERANCE, `loss ${coarse.loss}, in float32 ${exact.loss}`);
      const apart = norm(coarse.gradients.map((gradient, i) => gradient.map((value, at) => value - exact.gradients[i][at])));
      assert.ok(apart < GRADIENT_TOLERANCE * norm(exact.gradients), `gradients are ${apart} apart, of ${norm(exact.gradients)}`);
    });

  it('are the same where layers are recomputed', async () => {
    const { spec, tensors } = await openReferenceModel(path.join(MODELS, 'llama'));
    const eightBit = await eightBitToScratch(tensors, folder, { directions: eightBitDirections(spec), levels });
    const [kept, recomputed] = [await step(spec, tensors, eightBit, false), await step(spec, tensors, eightBit, true)];
    assert.equal(recomputed.loss, kept.loss);
    assert.deepEqual(recomputed.gradients, kept.gradients);
  });

  function graphOf(weights: EightBitWeight, direction: 'forward' | 'backward'): Graph {
    const g = new Graph();
    const w: Value = g.input('w', 'float32', [OUT, IN]);
    g.output(gemm(g, g.input('x', 'float32', [ROWS, direction === 'forward' ? IN : OUT]), w, { transB: direction === 'forward' }), 'y');
    multiplyInEightBits(g, value => value === w ? weights : undefined);
    g.inputs.splice(g.inputs.indexOf(w), 1);
    return g;
  }

  async function lay(file: string, values: Float32Array): Promise<EightBitWeight> {
    const [forward, backward] = (['forward', 'backward'] as const).map(direction => layEightBit(encodeEightBit(values, [OUT, IN], direction, levels)));
    await writeFile(file, new Uint8Array([...forward, ...backward]));
    return { forward: { shape: [IN, OUT], file, offset: 0 }, backward: { shape: [OUT, IN], file, offset: forward.length } };
  }
});

/** Of the tiny models here, whose rows of 16 to 64 numbers average less out than real ones. */
const LOSS_TOLERANCE = 0.01;
const GRADIENT_TOLERANCE = 0.15;

async function step(spec: DecoderSpec, tensors: ReadonlyMap<string, MappableTensor>, eightBit: ReadonlyMap<string, EightBitWeight> | undefined, gradientCheckpointing: boolean) {
  const targetModules = [...new Set(linearModules(spec).map(({ module }) => module.split('.').pop()!))];
  const engine = await createTrainingEngine({
    spec, tensors, eightBit, loss: { id: 'orpo', parameters: {} }, batchRows: 2, maxLength: 64, gradientCheckpointing, threads: 1,
    adapter: { rank: 4, alpha: 8, dropout: 0, targetModules, modulesToSave: [], useRslora: false, seed: 3 },
  });
  const result = await engine.step(PAIRS.map(row => ({ row })), { scale: 1, seed: 0 });
  await engine.release();
  return result;
}

async function run(graph: Graph, inputs: Record<string, { data: Float32Array; shape: number[] }>): Promise<Float32Array> {
  const session = await Session.create(graph, { threads: 1 });
  const results = await session.run(Object.fromEntries(Object.entries(inputs).map(([name, { data, shape }]) => [name, tensor(data, shape)])));
  await session.release();
  return floats(results, 'y');
}

function norm(gradients: readonly Float32Array[]): number {
  return Math.sqrt(gradients.reduce((sum, gradient) => sum + gradient.reduce((own, value) => own + value * value, 0), 0));
}

function uniform(count: number, seed: number): Float32Array {
  const random = Random.of(seed, 0);
  return Float32Array.from({ length: count }, () => random.uniform() * 2 - 1);
}
