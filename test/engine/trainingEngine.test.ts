import { strict as assert } from 'node:assert';
import path from 'node:path';
import fc from 'fast-check';
import { createTrainingEngine, losses, type TrainingEngine, type TrainingEngineOptions } from '../../src/engine';
import { openReferenceModel } from '../../src/training/parity/referenceModel';
import { Random } from '../../src/shared/random';
import type { PairRow } from '../../src/shared/rows';

const MODELS = path.join(import.meta.dirname, '../fixtures/reference/training/models');
const TARGETS = ['q_proj', 'k_proj', 'v_proj', 'o_proj', 'gate_proj', 'up_proj', 'down_proj'];
const VOCABULARY = 512;

async function engineOf(model: string, options: Partial<TrainingEngineOptions> = {}): Promise<TrainingEngine> {
  const { spec, tensors } = await openReferenceModel(path.join(MODELS, model));
  const engine = await createTrainingEngine({
    spec, tensors, loss: { id: 'orpo', parameters: {} }, batchRows: 3, maxLength: 96, gradientCheckpointing: false, threads: 1,
    adapter: { rank: 4, alpha: 8, dropout: 0, targetModules: TARGETS, modulesToSave: [], useRslora: false, seed: 3 },
    ...options,
  });
  // A fresh adapter's B is zero, which would hide the gradient of every A.
  const random = new Random(5);
  for (const { name, data } of engine.parameters) if (name.includes('lora_B')) data.forEach((_, i) => { data[i] = random.normal() * 0.05; });
  return engine;
}

function randomPair(random: Random, lengths: readonly number[]): PairRow {
  const [prompt, chosen, rejected] = lengths.map(length => Array.from({ length }, () => random.integer(VOCABULARY)));
  return { prompt, chosen, rejected };
}

function assertClose(got: Float32Array, want: Float32Array, tolerance: number, what: string): void {
  const scale = want.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-9);
  const worst = got.reduce((most, value, i) => Math.max(most, Math.abs(value - want[i])), 0);
  assert.ok(worst <= tolerance * scale, `${what}: ${worst} of ${scale}`);
}

describe('training engine', function () {
  this.timeout(120_000);

  for (const model of ['llama', 'mistral', 'gemma2', 'smollm3'])
    it(`computes the same with a shared prompt as with padded copies of it (${model})`, async () => {
      const shared = await engineOf(model);
      const padded = await engineOf(model, { promptLayout: 'padded' });
      const lengths = fc.tuple(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 30 }), fc.integer({ min: 1, max: 30 }));
      await fc.assert(fc.asyncProperty(fc.array(lengths, { minLength: 1, maxLength: 3 }), fc.integer(), async (rows, seed) => {
        const random = new Random(seed);
        const batch = rows.map(row => ({ row: randomPair(random, row) }));
        const [a, b] = [await shared.step(batch, { scale: 1, seed: 0 }), await padded.step(batch, { scale: 1, seed: 0 })];
        assert.ok(Math.abs(a.loss - b.loss) <= 1e-5 * Math.abs(b.loss), `${a.loss} and ${b.loss}`);
        a.gradients.forEach((gradient, i) => assertClose(gradient, b.gradients[i], 2e-4, shared.parameters[i].name));
      }), { numRuns: 12, seed: 11 });
    });

  for (const loss of losses)
    it(`${loss.id}: a short batch is the same as a graph made for it, and recomputing layers changes nothing`, async () => {
      const random = new Random(8);
      const rows = [[9, 5, 7], [12, 3, 8]].map(lengths => {
        const pair = randomPair(random, lengths);
        if (loss.needs.rows === 'pair') return pair;
        if (loss.needs.rows === 'unpaired') return { prompt: pair.prompt, response: pair.chosen, label: lengths[0] === 9, kl_response: pair.rejected };
        return { ids: pair.prompt, labels: pair.prompt };
      });
      const batch = rows.map((row, i) => ({ row, reference: [-5 - i, -6 + i] }));
      const options = { loss: { id: loss.id, parameters: {} } };
      const exact = await (await engineOf('qwen3', { ...options, batchRows: 2 })).step(batch, { scale: 0.5, seed: 0 });
      for (const other of [{ batchRows: 5 }, { batchRows: 2, gradientCheckpointing: true }]) {
        const result = await (await engineOf('qwen3', { ...options, ...other })).step(batch, { scale: 0.5, seed: 0 });
        assert.ok(Math.abs(result.loss - exact.loss) <= 1e-5 * Math.abs(exact.loss));
        result.gradients.forEach((gradient, i) => assertClose(gradient, exact.gradients[i], 1e-4, `gradient ${i}`));
      }
    });

  it('gives the same step to the last bit for the same seed, and another dropout for another', async () => {
    const engine = await engineOf('llama', {
      loss: { id: 'sft', parameters: {} }, neftuneAlpha: 5,
      adapter: { rank: 4, alpha: 8, dropout: 0.2, targetModules: TARGETS, modulesToSave: [], useRslora: true, seed: 3 },
    });
    const ids = Array.from({ length: 30 }, (_, i) => (i * 37) % VOCABULARY);
    const step = async (seed: number) => {
      const { loss, gradients } = await engine.step([{ row: { ids, labels: ids } }], { scale: 1, seed });
      return { loss, gradients: gradients.map(gradient => gradient.slice()) };
    };
    const [first, again, other] = [await step(1), await step(1), await step(2)];
    assert.equal(first.loss, again.loss);
    first.gradients.forEach((gradient, i) => assert.deepEqual(gradient, again.gradients[i]));
    assert.notEqual(first.loss, other.loss);
    assert.notDeepEqual(first.gradients, other.gradients);
    const { loss } = await engine.evaluate([{ row: { ids, labels: ids } }]);
    assert.equal(loss, (await engine.evaluate([{ row: { ids, labels: ids } }])).loss);
  });

  it('trains whole modules beside the adapter, and a tied head stays as it was when only the embedding trains', async () => {
    const modules = (modulesToSave: string[]) => engineOf('llama', { adapter: { rank: 4, alpha: 8, dropout: 0, targetModules: ['q_proj'], modulesToSave, useRslora: false, seed: 3 } });
    const engine = await modules(['embed_tokens', 'norm']);
    assert.deepEqual(engine.parameters.slice(-2).map(({ name, decays }) => [name, decays]), [['base_model.model.model.embed_tokens.weight', true], ['base_model.model.model.norm.weight', false]]);
    const pair = randomPair(new Random(2), [6, 4, 5]);
    const before = (await engine.evaluate([{ row: pair }])).loss;
    const { gradients } = await engine.step([{ row: pair }], { scale: 1, seed: 0 });
    assert.ok(gradients.every(gradient => gradient.some(value => value !== 0)));
    // Rows of tokens that the pair does not hold have no gradient: the head is not the trained embedding.
    const hidden = gradients.at(-2)!.length / VOCABULARY;
    const absent = Array.from({ length: VOCABULARY }, (_, id) => id).find(id => ![...pair.prompt, ...pair.chosen, ...pair.rejected].includes(id))!;
    assert.ok(gradients.at(-2)!.slice(absent * hidden, (absent + 1) * hidden).every(value => value === 0));
    engine.parameters.forEach(({ data }, i) => data.forEach((_, j) => { data[j] -= 1e-3 * gradients[i][j]; }));
    assert.ok((await engine.evaluate([{ row: pair }])).loss < before);
  });

  it('a module that is not there is a Problem with the names there are', async () => {
    await assert.rejects(engineOf('phi3', { adapter: { rank: 4, alpha: 8, dropout: 0, targetModules: ['q_proj', 'w1'], modulesToSave: [], useRslora: false, seed: 0 } }), {
      message: '"target_modules": target_modules names "w1", but this phi3 model has no such module. It has: down_proj, gate_up_proj, lm_head, o_proj, qkv_proj. Remove "w1" from target_modules, or use one of these names.',
    });
  });
});
