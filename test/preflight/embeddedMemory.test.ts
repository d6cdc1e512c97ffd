import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { add, exp, gemm, Graph, mul } from '../../src/engine/graph';
import { readArchitecture } from '../../src/models';
import type { ModelConfig } from '../../src/models';
import { embeddedMemory, graphMemory } from '../../src/preflight/memory';
import type { EmbeddedSettings, RowLengths } from '../../src/preflight/memory';
import { linearModules } from '../../src/shared/decoderSpec';

const models = path.join(import.meta.dirname, '../fixtures/reference/training/models');
const specOf = (name: string) => readArchitecture(JSON.parse(readFileSync(path.join(models, name, 'config.json'), 'utf8')) as ModelConfig);
const adapter = { rank: 4, alpha: 8, dropout: 0, targetModules: ['q_proj', 'v_proj'], modulesToSave: [], useRslora: false, seed: 1 };
const rows: RowLengths[] = [{ prompt: 20, responses: [40, 30] }];

function total(changes: Partial<EmbeddedSettings> = {}, given: RowLengths[] | undefined = rows, model = 'llama'): number {
  return embeddedMemory({ spec: specOf(model), tensorType: 'F32' }, {
    method: 'orpo', batchRows: 1, maxLength: 128, trainOnPrompt: null, gradientCheckpointing: false, adapter, optimizer: 'adamw_torch', evaluates: false, hasNoise: false, isPacked: false, accumulates: false, ...changes,
  }, given).totalBytes;
}

describe('memory of a graph', () => {
  it('is the most that lives at a time: input [T,4] aside, two products of [T,4] and their sum in the place of one', () => {
    const g = new Graph();
    const x = g.input('x', 'float32', ['T', 4]), w = g.input('w', 'float32', [4, 4]);
    const a = gemm(g, x, w), b = gemm(g, x, w);
    g.output(add(g, a, b));
    assert.deepEqual(graphMemory(g, new Map([['T', 10]]), 99), { peakBytes: 2 * 10 * 4 * 4, vocabularyBytes: 0, outputBytes: 160, nodeCount: 3 });
  });

  it('drops a value after its last use', () => {
    const g = new Graph();
    let x = gemm(g, g.input('x', 'float32', ['T', 4]), g.input('w', 'float32', [4, 4]));
    for (let i = 0; i < 5; i++) x = gemm(g, x, g.inputs[1]!);
    g.output(x);
    assert.equal(graphMemory(g, new Map([['T', 10]]), 99).peakBytes, 2 * 160);
  });

  it('does not count what follows from constants', () => {
    const g = new Graph();
    const c = exp(g, g.constant(new Float32Array(1000), [1000], 'c'));
    g.output(mul(g, g.input('x', 'float32', [1]), c));
    assert.equal(graphMemory(g, new Map(), 99).peakBytes, 4000);
  });

  it('refuses a dimension without a length', () => {
    const g = new Graph();
    g.output(exp(g, g.input('x', 'float32', ['T'])));
    assert.throws(() => graphMemory(g, new Map(), 99), /"T" has no length/);
  });
});

describe('memory of a run by the embedded engine', () => {
  for (const name of ['llama', 'gemma2', 'gemma3', 'phi3', 'qwen3', 'olmo2'])
    it(`is estimated for ${name}`, () => assert.ok(total({ adapter: name === 'phi3' ? { ...adapter, targetModules: ['qkv_proj'] } : adapter }, rows, name) > 100e6));
  for (const method of ['sft', 'orpo', 'dpo', 'simpo', 'cpo', 'ipo', 'kto'])
    it(`is estimated for ${method}`, () => assert.ok(total({ method, batchRows: 2 }, method === 'sft' ? [{ prompt: 60, responses: [] }] : rows) > 100e6));

  it('is less with checkpointing, for enough tokens', () => {
    const long = [{ prompt: 100, responses: [1900, 1900] }];
    assert.ok(total({ maxLength: 2000, gradientCheckpointing: true }, long) < total({ maxLength: 2000 }, long));
  });
  it('grows with the tokens, not with their square, and holds no layer for another\'s gradients', () => {
    const grown = (tokens: number) => total({ maxLength: 8192, gradientCheckpointing: true }, [{ prompt: tokens, responses: [1, 1] }]);
    const [one, two, four] = [grown(2000), grown(4000), grown(8000)];
    assert.ok(four - two < 2.2 * (two - one), `${one}, ${two}, ${four}`);
    const layers = (gradientCheckpointing: boolean) => total({ maxLength: 2000, gradientCheckpointing }, [{ prompt: 100, responses: [1900, 1900] }]);
    assert.ok(layers(true) < layers(false));
  });
  it('grows with batch, evaluation, noise of all weights and length', () => {
    const one = total();
    assert.ok(total({ batchRows: 4 }) > one);
    assert.ok(total({ evaluates: true }) > one);
    assert.ok(total({ accumulates: true }) > one);
    assert.ok(total({ adapter: null }) > one);
    assert.ok(total({}, [{ prompt: 20, responses: [100, 100] }]) > one);
  });
  it('takes the rows that there are, not max_length', () => assert.ok(total({ maxLength: 4096 }) < total({ maxLength: 4096 }, [])));
  it('counts packed weights as 36 bytes a block of 64, once for all graphs, and leaves embedding and norms as they are', () => {
    const spec = specOf('llama');
    const bytesOf = (isPacked: boolean): number => embeddedMemory({ spec, tensorType: 'BF16' }, {
      method: 'orpo', batchRows: 1, maxLength: 128, trainOnPrompt: null, gradientCheckpointing: false, adapter, optimizer: 'sgd', evaluates: true, hasNoise: false, isPacked, accumulates: false,
    }, rows).components.model_weights!;
    const linear = linearModules(spec).map(({ inFeatures, outFeatures }) => inFeatures * outFeatures);
    const packedLess = linear.reduce((sum, count) => sum + 2 * 4 * count - 36 * Math.ceil(count / 64), 0);
    assert.equal(bytesOf(false) - bytesOf(true), packedLess);
  });
  it('counts codes of 8 bits in both directions instead of the weights, query, key and value beside their codes, and the head\'s besides', () => {
    const spec = specOf('llama');
    const bytesOf = (isEightBit: boolean): number => embeddedMemory({ spec, tensorType: 'F32' }, {
      method: 'orpo', batchRows: 1, maxLength: 128, trainOnPrompt: null, gradientCheckpointing: false, adapter, optimizer: 'sgd', evaluates: false, hasNoise: false, isPacked: false, isEightBit, accumulates: false,
    }, rows).components.model_weights!;
    const change = linearModules(spec).reduce((sum, { module, inFeatures, outFeatures }) => {
      const count = inFeatures * outFeatures, backward = count + 4 * inFeatures;
      return sum + (/[qkv]_proj/.test(module) ? backward : backward + count + 4 * outFeatures - 4 * count);
    }, spec.vocabSize * spec.hiddenSize + 4 * spec.vocabSize);
    assert.equal(bytesOf(true) - bytesOf(false), change);
  });
  it('decodes packed weights beside their products: more passes through, and is gone after', () => {
    // What is as wide as the MLP is as wide as this model's vocabulary, so both count.
    const activations = (isPacked: boolean): number => {
      const { components } = embeddedMemory({ spec: specOf('llama'), tensorType: 'F32' }, {
        method: 'orpo', batchRows: 1, maxLength: 128, trainOnPrompt: null, gradientCheckpointing: true, adapter, optimizer: 'sgd', evaluates: false, hasNoise: false, isPacked, accumulates: false,
      }, rows);
      return (components.activations ?? 0) + (components.logits_and_loss ?? 0);
    };
    const largest = Math.max(...linearModules(specOf('llama')).map(({ inFeatures, outFeatures }) => 4 * inFeatures * outFeatures));
    assert.ok(activations(true) >= activations(false));
    assert.ok(activations(true) - activations(false) < 4 * largest);
  });
  it('counts BF16 weights as the float32 copy that is made, once for each graph', () => {
    const weights = (tensorType: 'F32' | 'BF16', evaluates: boolean) => embeddedMemory({ spec: specOf('llama'), tensorType }, {
      method: 'orpo', batchRows: 1, maxLength: 128, trainOnPrompt: null, gradientCheckpointing: false, adapter, optimizer: 'sgd', evaluates, hasNoise: false, isPacked: false, accumulates: false,
    }, rows).components.model_weights!;
    assert.equal(weights('BF16', false), weights('F32', true));
    assert.equal(weights('BF16', true), 2 * weights('F32', true));
  });
});
