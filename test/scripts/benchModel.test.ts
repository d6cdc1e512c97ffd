import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { openModel, readSafetensors } from '../../src/models';
import { readArchitecture } from '../../src/models/architectures';
import { linearModules } from '../../src/shared/decoderSpec';
import { ONE_BILLION, weightShapes, writeRandomLlama } from '../bench/randomLlama';

const TOKENIZER = path.join(import.meta.dirname, '../fixtures/reference/training/models/llama');
const SMALL = { hidden: 64, layers: 2, heads: 4, kvHeads: 2, intermediate: 96, vocabulary: 512 };

describe('bench, large model', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'merlina-random-'));
  after(() => rmSync(folder, { recursive: true }));

  it('writes a Llama that opens, with every tensor that its config calls for', async () => {
    const out = path.join(folder, 'small');
    await writeRandomLlama(out, SMALL, TOKENIZER);
    const model = await openModel(out);
    assert.ok(model.tokenizer);
    const spec = readArchitecture(model.config);
    for (const { module, outFeatures, inFeatures } of linearModules(spec)) assert.deepEqual(model.tensors.get(`${module}.weight`)?.shape, [outFeatures, inFeatures], module);
    assert.deepEqual([spec.embedding, spec.head].map(name => model.tensors.get(name)?.shape), [[512, 64], [512, 64]]);
    assert.ok([...model.tensors.values()].every(({ type }) => type === 'BF16'));
    const { read } = await readSafetensors(path.join(out, 'model.safetensors'));
    const [embedding, norm] = [await read(spec.embedding), await read(spec.finalNorm)];
    const deviation = Math.sqrt(embedding.reduce((sum, value) => sum + value * value, 0) / embedding.length);
    assert.ok(Math.abs(deviation - 0.02) < 0.001, `deviation ${deviation}`);
    assert.ok(norm.every(value => value === 1));
  });

  it('leaves a model of the same sizes as it is, and refuses one of others', async () => {
    const out = path.join(folder, 'small');
    await writeRandomLlama(out, SMALL, TOKENIZER);
    await assert.rejects(writeRandomLlama(out, { ...SMALL, layers: 3 }, TOKENIZER), /holds a model of other sizes/);
  });

  it('has 1.24 billion weights by default', () => {
    assert.equal(weightShapes(ONE_BILLION).reduce((sum, [, shape]) => sum + shape.reduce((product, size) => product * size, 1), 0), 1_235_814_400);
  });
});
