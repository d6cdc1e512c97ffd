/** The time estimate: a graph's nodes at a known speed, and a run of them. How well it meets real runs is measured by test/bench/time.ts. */
import { strict as assert } from 'node:assert';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { add, eightBitProduct, exp, gemm, Graph } from '../../src/engine/graph';
import { estimateTime } from '../../src/preflight';
import { graphSeconds, rateFor } from '../../src/preflight/time/graphTime';
import { machineSpeed, type MachineSpeed } from '../../src/preflight/time/machineSpeed';
import { runTime } from '../../src/preflight/time/recipeTime';
import type { RecipeInput } from '../../src/recipe';
import { recipe, SOUND } from './literals';

const SPEED: MachineSpeed = {
  version: 1, products: [{ side: 4, flopsPerSecond: 1e9 }, { side: 64, flopsPerSecond: 16e9 }], eightBitGain: 3, bytesPerSecond: 1e9, functionsPerSecond: 1e8, nodeSeconds: 1e-6, updatesPerSecond: 1e8,
};
const lengths = new Map([['T', 1000]]);

describe('seconds of a graph', () => {
  it('are those of its products, by their shortest side', () => {
    const g = new Graph();
    g.output(gemm(g, g.input('x', 'float32', ['T', 64]), g.input('w', 'float32', [64, 64])));
    // 2 · 1000 · 64 · 64 operations at 16e9, beside 528 kB at 1e9 bytes: moving takes longer.
    assert.equal(graphSeconds(g, lengths, SPEED), 1e-6 + 4 * (2 * 64 * 1000 + 64 * 64) / 1e9);
    assert.equal(graphSeconds(g, lengths, { ...SPEED, bytesPerSecond: 1e12 }), 1e-6 + (2 * 1000 * 64 * 64) / 16e9);
  });

  it('are fewer for a product of 8 bits', () => {
    const g = new Graph();
    const codes = (rows: number | string, dtype: 'uint8' | 'int8') => g.input(dtype, dtype, [rows, 64]);
    g.output(eightBitProduct(g, { codes: codes('T', 'uint8'), scales: g.input('rows', 'float32', ['T', 1]) }, { codes: codes(64, 'int8'), scales: g.input('columns', 'float32', [64]) }));
    const products = (2 * 1000 * 64 * 64) / (3 * 16e9);
    // Beside it the scale of each row, which costs a node; all moving is free here.
    assert.ok(Math.abs(graphSeconds(g, lengths, { ...SPEED, bytesPerSecond: Infinity }) - (2e-6 + products)) < 1e-12);
  });

  it('are those of what is moved or computed for each element', () => {
    const g = new Graph();
    const x = g.input('x', 'float32', ['T', 10]);
    g.output(add(g, x, exp(g, x)));
    assert.ok(Math.abs(graphSeconds(g, lengths, SPEED) - (2e-6 + 10_000 / 1e8 + 3 * 40_000 / 1e9)) < 1e-12);
  });

  it('leave out what is worked out before the first run', () => {
    const g = new Graph();
    g.output(exp(g, g.constant(new Float32Array(1000), [1000])));
    assert.equal(graphSeconds(g, lengths, SPEED), 0);
  });

  it('take the speed between two that were measured', () => {
    assert.equal(rateFor(1, SPEED), 1e9);
    assert.ok(Math.abs(rateFor(16, SPEED) - 4e9) < 1);
    assert.equal(rateFor(1000, SPEED), 16e9);
  });
});

describe('the time of a run', () => {
  const { model, dataset } = SOUND;
  const timeOf = (changes: Partial<RecipeInput> = {}, trainRows = 400) =>
    runTime(recipe({ use_4bit: false, eval_steps: 0, ...changes }), { spec: model.spec!, tensorType: 'BF16', lengths: dataset.lengths, trainRows, evalRows: 4 }, SPEED);

  it('is its steps, and grows with rows, epochs, recomputed layers and evaluation', () => {
    const plain = timeOf();
    assert.ok(Math.abs(plain.seconds / plain.secondsPerStep - 50) < 1e-9); // 2 epochs of 400 rows, 16 to a step
    assert.ok(Math.abs(timeOf({}, 800).seconds / plain.seconds - 2) < 1e-9);
    assert.ok(Math.abs(timeOf({ max_steps: 5 }).seconds - 5 * plain.secondsPerStep) < 1e-9);
    const kept = timeOf({ gradient_checkpointing: false });
    assert.ok(plain.secondsPerStep > 1.15 * kept.secondsPerStep && plain.secondsPerStep < 1.5 * kept.secondsPerStep);
    assert.ok(timeOf({ eval_steps: 0.2 }).seconds > plain.seconds);
    assert.ok(timeOf({ training_mode: 'dpo' }).seconds > timeOf({ training_mode: 'dpo' }).secondsPerStep * 50);
    assert.ok(timeOf({ use_4bit: true }).secondsPerStep > plain.secondsPerStep);
  });

  it('is that of the same rows, however they are put together', () => {
    const one = timeOf({ batch_size: 1, gradient_accumulation_steps: 16 }), eight = timeOf({ batch_size: 8, gradient_accumulation_steps: 2 });
    assert.ok(eight.secondsPerStep < 1.1 * one.secondsPerStep && eight.secondsPerStep > 0.6 * one.secondsPerStep);
  });

  it('says why it is not known', async () => {
    assert.equal(await estimateTime(recipe({ backend: 'trl' }), SOUND), 'Not known: only the speed of the embedded backend is measured.');
    assert.equal(await estimateTime(recipe(), { ...SOUND, model: { ...model, spec: undefined } }), 'Not known: the model is not known well enough.');
    assert.equal(await estimateTime(recipe(), { ...SOUND, dataset: { ...dataset, trainRows: undefined } }), 'Not known: not all rows were read.');
  });
});

describe('the speed of the machine', function () {
  this.timeout(120_000);
  let folder: string;
  before(async () => { folder = await mkdtemp(path.join(tmpdir(), 'merlina-speed-')); });
  after(() => rm(folder, { recursive: true }));

  it('is measured once, and kept', async () => {
    const measured = await machineSpeed(1, folder);
    const figures = [...measured.products.map(({ flopsPerSecond }) => flopsPerSecond), measured.bytesPerSecond, measured.functionsPerSecond, measured.nodeSeconds, measured.updatesPerSecond];
    assert.ok(figures.every(figure => Number.isFinite(figure) && figure > 0), JSON.stringify(measured));
    const [file] = await readdir(folder);
    const kept = { ...JSON.parse(await readFile(path.join(folder, file!), 'utf8')) as MachineSpeed, updatesPerSecond: 7 };
    await writeFile(path.join(folder, file!), JSON.stringify(kept));
    assert.equal((await machineSpeed(1, folder)).updatesPerSecond, 7);
    await writeFile(path.join(folder, file!), '{"version":0}');
    assert.notEqual((await machineSpeed(1, folder)).updatesPerSecond, 7);
  });
});
