/** Training over a base in 4 bits: the same numbers as over the same base decoded to float32, and no decoding shared between forward and backward. */
import { strict as assert } from 'node:assert';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createTrainingEngine, type TrainingEngine } from '../../src/engine';
import { decodeWhereUsed, Graph, gemm, packedWeight, printGraph } from '../../src/engine/graph';
import { readSafetensors, readTensor, writeSafetensors } from '../../src/models';
import { packToScratch } from '../../src/models/decode';
import { linearModules, type DecoderSpec } from '../../src/shared/decoderSpec';
import { decodeNf4, encodeNf4, quantiseScales, restoreScales } from '../../src/shared/nf4';
import type { MappableTensor, TensorInfo } from '../../src/shared/tensors';
import { openReferenceModel } from '../../src/training/parity/referenceModel';

const MODELS = path.join(import.meta.dirname, '../fixtures/reference/training/models');
const PAIRS = [
  { prompt: [3, 50, 7, 9], chosen: [12, 90, 33], rejected: [14, 2] },
  { prompt: [8, 8, 120], chosen: [5], rejected: [77, 30, 12, 11] },
];

describe('a base in 4 bits', function () {
  this.timeout(120_000);
  let folder: string;
  before(async () => { folder = await mkdtemp(path.join(tmpdir(), 'merlina-nf4-')); });
  after(() => rm(folder, { recursive: true, force: true }));

  for (const [model, gradientCheckpointing] of [['llama', false], ['llama', true], ['gemma2', false], ['qwen2', false], ['phi3', false]] as const)
    it(`gives the loss and gradients of its decoded values (${model}${gradientCheckpointing ? ', recomputed layers' : ''})`, async () => {
      const { spec, tensors } = await openReferenceModel(path.join(MODELS, model));
      const names = new Set(linearModules(spec).map(({ module }) => `${module}.weight`));
      const packed = await engineOf(spec, await packToScratch(tensors, names, folder), gradientCheckpointing);
      const decoded = await engineOf(spec, await decodedTensors(tensors, names, path.join(folder, `${model}.safetensors`)), gradientCheckpointing);
      const [a, b] = await Promise.all([packed, decoded].map(engine => engine.step(PAIRS.map(row => ({ row })), { scale: 1, seed: 0 })));
      assert.equal(a.loss, b.loss);
      a.gradients.forEach((gradient, i) => assert.deepEqual(gradient, b.gradients[i], packed.parameters[i].name));
      await packed.release();
      await decoded.release();
    });

  it('is decoded once for each product that reads it, after what the product also reads is known', () => {
    const g = new Graph();
    const x = g.input('x', 'float32', ['T', 64]);
    const dy = g.input('dy', 'float32', ['T', 4]);
    const sum = g.input('sum', 'float32', ['T', 64]);
    const w = packedWeight(g, g.input('codes', 'uint8', [128]), g.input('scales', 'float32', [4, 1]), [4, 64]);
    g.output(gemm(g, x, w, { transB: true }), 'y');
    g.output(gemm(g, dy, w, { plus: sum }), 'dx');
    decodeWhereUsed(g);
    const lines = printGraph(g).split('\n');
    assert.equal(lines.filter(line => line.includes('= Gather(')).length, 2);
    assert.equal(lines.filter(line => line.includes('merlina.')).length, 0);
    assert.deepEqual(lines.filter(line => line.includes('= Shape(')).map(line => /Shape\((\w+)\)/.exec(line)?.[1]), ['x', 'dy', 'sum']);
  });
});

function engineOf(spec: DecoderSpec, tensors: ReadonlyMap<string, MappableTensor>, gradientCheckpointing: boolean): Promise<TrainingEngine> {
  const targetModules = [...new Set(linearModules(spec).map(({ module }) => module.split('.').pop()!))];
  return createTrainingEngine({
    spec, tensors, loss: { id: 'orpo', parameters: {} }, batchRows: 2, maxLength: 64, gradientCheckpointing, threads: 1,
    adapter: { rank: 4, alpha: 8, dropout: 0, targetModules, modulesToSave: [], useRslora: false, seed: 3 },
  });
}

/** The named weights as NF4 leaves them, in a float32 file. */
async function decodedTensors(tensors: ReadonlyMap<string, TensorInfo>, names: ReadonlySet<string>, file: string): Promise<Map<string, TensorInfo>> {
  const written = await Promise.all([...tensors.values()].filter(({ name }) => names.has(name)).map(async info => {
    const values = await readTensor(info);
    const { packed, scales } = encodeNf4(values);
    return { name: info.name, shape: info.shape, type: 'F32' as const, data: decodeNf4({ packed, scales: restoreScales(quantiseScales(scales)) }, values.length) };
  }));
  await writeSafetensors(file, written);
  const { info } = await readSafetensors(file);
  return new Map([...tensors, ...written.map(({ name }) => [name, info(name)] as const)]);
}
