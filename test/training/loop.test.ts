import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import type { RunEvent } from '../../src/shared/events';
import { ProblemError } from '../../src/shared/problem';
import { FakeEngine } from './fakeEngine';
import { fakeRun, loggedSteps, ofType, pairRows, sequenceRows, temporaryFolders, unpairedRows } from './runFixture';

const folder = temporaryFolders();
const weightsOf = (engine: FakeEngine): number[][] => engine.parameters.map(({ data }) => [...data]);
let subfolders = 0;
const subfolder = (): string => path.join(folder(), String(subfolders++));

describe('training/loop', () => {
  it('learns: the loss falls over the epochs', async () => {
    const { events, end } = await fakeRun({ folder: folder(), plan: { epochs: 20, shuffle: false } });
    const losses = loggedSteps(events).map(({ loss }) => loss);
    assert.equal(end?.kind, 'completed');
    assert.equal(losses.length, 140);
    const mean = (part: number[]): number => part.reduce((a, b) => a + b) / part.length;
    assert.ok(mean(losses.slice(-7)) < mean(losses.slice(0, 7)) - 0.05);
  });

  it('says that it trains once the engine is ready, and does not get one ready that has nothing left to do', async () => {
    const order: string[] = [];
    const parts = subfolder();
    const engine = () => new FakeEngine({ onPrepare: () => order.push('ready'), onStep: () => order.push('step') });
    const { events } = await fakeRun({ folder: parts, engine: engine(), plan: { maxSteps: 2, saveSteps: 1 } });
    assert.deepEqual(order, ['ready', 'step', 'step']);
    const statuses = ofType(events, 'status_update').map(({ status }) => status);
    assert.ok(statuses.indexOf('initializing') < statuses.indexOf('training'));
    await fakeRun({ folder: parts, engine: engine(), plan: { maxSteps: 2, saveSteps: 1 } });
    assert.deepEqual(order, ['ready', 'step', 'step']);
  });

  it('continues a stopped run with the same losses and weights to the last bit, wherever it was stopped', async () => {
    const settings = fc.record({
      batchSize: fc.integer({ min: 1, max: 3 }),
      accumulationSteps: fc.integer({ min: 1, max: 4 }),
      epochs: fc.constantFrom(0.5, 1, 1.7, 3),
      evalSteps: fc.constantFrom(0, 0.4, 1),
      shuffle: fc.boolean(),
      optimizer: fc.constantFrom('adamw_torch', 'adafactor', 'sgd', 'lion', 'muon'),
      seed: fc.integer({ min: 0, max: 99999 }),
    });
    const methods = fc.constantFrom('pair', 'reference', 'sft', 'kto');
    await fc.assert(fc.asyncProperty(settings, methods, fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 3 }), async (plan, method, stops) => {
      const rows = { pair: pairRows(8), reference: pairRows(8), sft: sequenceRows(8), kto: unpairedRows(8) }[method];
      const engine = () => new FakeEngine({
        reduction: method === 'sft' ? 'sum-over-labels' : 'mean', needsReference: method === 'reference' || method === 'kto',
      });
      const evalRows = rows.slice(0, 3);
      const evaluations = (events: readonly RunEvent[]): number[][] => ofType(events, 'eval').map(({ step, eval_loss }) => [step, eval_loss]);
      const whole = await fakeRun({ folder: subfolder(), plan, train: rows, eval: evalRows, engine: engine() });
      const parts = subfolder();
      const steps: ReturnType<typeof loggedSteps> = [];
      const evaluated: number[][] = [];
      for (const stop of [...stops, Infinity]) {
        let asked = 0;
        const run = await fakeRun({ folder: parts, plan, train: rows, eval: evalRows, engine: engine(), stop: () => ++asked > stop });
        assert.equal(run.error, undefined);
        steps.push(...loggedSteps(run.events));
        evaluated.push(...evaluations(run.events));
        if (run.end?.kind !== 'completed') continue;
        assert.deepEqual(weightsOf(run.engine), weightsOf(whole.engine));
        break;
      }
      assert.deepEqual(steps, loggedSteps(whole.events));
      // An evaluation made up for at a start that made no update is made again at the next one, with the same result.
      assert.deepEqual(evaluated.filter(([step], i) => evaluated[i - 1]?.[0] !== step), evaluations(whole.events));
      evaluated.forEach((one, i) => evaluated[i - 1]?.[0] === one[0] && assert.deepEqual(one, evaluated[i - 1]));
    }), { numRuns: 30, seed: 1 });
  });

  it('divides sft losses by the labels of the whole window', async () => {
    const rows = sequenceRows(3);
    const engine = () => new FakeEngine({ reduction: 'sum-over-labels' });
    const accumulated = await fakeRun({ folder: subfolder(), train: rows, engine: engine(), plan: { accumulationSteps: 3, shuffle: false, maxSteps: 1 } });
    const { loss } = await engine().evaluate(rows.map(row => ({ row })));
    const labels = rows.reduce((sum, row) => sum + engine().labelCount(row), 0);
    // Dropout differs between micro-batches, so only the order of size can agree.
    assert.ok(Math.abs(loggedSteps(accumulated.events)[0]!.loss - loss / labels) < 0.5);
  });

  it('averages a short last window by its own number of micro-batches', async () => {
    const seen: number[] = [];
    class Recorder extends FakeEngine {
      override step(...[rows, options]: Parameters<FakeEngine['step']>) {
        seen.push(1 / options.scale);
        return super.step(rows, options);
      }
    }
    await fakeRun({ folder: folder(), engine: new Recorder(), plan: { accumulationSteps: 3 } });
    assert.deepEqual(seen.map(Math.round), [3, 3, 3, 3, 3, 3, 1]);
  });

  it('computes the reference once, before the first update, and reads it on resume', async () => {
    const options = { folder: folder(), train: pairRows(6), eval: pairRows(2, 9), plan: { evalSteps: 2 } };
    let asked = 0;
    const first = await fakeRun({ ...options, engine: new FakeEngine({ needsReference: true }), stop: () => ++asked > 11 });
    assert.equal(first.end?.kind, 'stopped');
    assert.equal(first.engine.referenceCalls, 8);
    const second = await fakeRun({ ...options, engine: new FakeEngine({ needsReference: true }) });
    assert.equal(second.end?.kind, 'completed');
    assert.equal(second.engine.referenceCalls, 0);
  });

  it('refuses to go on when the reference is gone', async () => {
    const options = { folder: folder(), train: pairRows(6) };
    let asked = 0;
    await fakeRun({ ...options, engine: new FakeEngine({ needsReference: true }), stop: () => ++asked > 9 });
    fs.rmSync(path.join(folder(), 'reference.json'));
    const { error } = await fakeRun({ ...options, engine: new FakeEngine({ needsReference: true }) });
    assert.ok(error instanceof ProblemError);
    assert.equal(error.problems[0]!.id, 'training/no-reference');
  });

  it('evaluates by fractions of the run and at its end, weighting loss by rows', async () => {
    const { events } = await fakeRun({ folder: folder(), train: pairRows(10), eval: pairRows(3, 8), plan: { evalSteps: 0.4, evalOnStart: true, batchSize: 1 } });
    assert.deepEqual(ofType(events, 'eval').map(({ step }) => step), [0, 4, 8, 10]);
    assert.ok(Number.isFinite(ofType(events, 'eval')[0]!['eval_rewards/margins']));
    assert.deepEqual(ofType(events, 'checkpoint').map(({ step }) => step), [4, 8]);
  });

  it('makes up for an evaluation that a stop broke off', async () => {
    const options = { folder: folder(), train: pairRows(6), eval: pairRows(4, 8), plan: { evalSteps: 3 } };
    let asked = 0;
    const first = await fakeRun({ ...options, stop: () => ++asked > 5 }); // three micro-batches, then inside the evaluation
    assert.deepEqual([first.end?.kind, first.end?.step, ofType(first.events, 'eval').length], ['stopped', 3, 0]);
    const second = await fakeRun(options);
    const whole = await fakeRun({ ...options, folder: subfolder() });
    assert.deepEqual(ofType(second.events, 'eval'), ofType(whole.events, 'eval'));
  });

  it('keeps the newest checkpoints and the best', async () => {
    const spoiled = new FakeEngine();
    const losses = [5, 1, 2, 3, 4];
    spoiled.evaluate = async () => ({ loss: losses.shift()!, metrics: {} });
    const { events } = await fakeRun({ folder: folder(), engine: spoiled, train: pairRows(10), eval: pairRows(1), plan: { evalSteps: 2, saveTotalLimit: 1 } });
    assert.deepEqual(ofType(events, 'checkpoint').map(({ step, is_best }) => [step, is_best]), [[2, true], [4, true], [6, false], [8, false], [10, false]]);
    assert.deepEqual(fs.readdirSync(path.join(folder(), 'checkpoints')).sort(), ['step-10', 'step-4']);
  });

  it('stops early when eval_loss no longer falls, and names the best checkpoint', async () => {
    const engine = new FakeEngine();
    const losses = [3, 2, 2.5, 2.4, 1];
    engine.evaluate = async () => ({ loss: losses.shift()!, metrics: {} });
    const { end } = await fakeRun({
      folder: folder(), engine, train: pairRows(10), eval: pairRows(1), plan: { evalSteps: 2, saveSteps: 0, earlyStoppingPatience: 2 },
    });
    assert.ok(end?.kind === 'completed');
    assert.deepEqual([end.step, end.isEarly, path.basename(end.bestCheckpoint!)], [8, true, 'step-4']);
  });

  it('stops on a loss that is no number, naming step, rows and tensor, and keeps the last good checkpoint', async () => {
    let steps = 0;
    const engine = new FakeEngine({
      onStep: (_, parameters) => {
        if (++steps === 5) parameters[1]!.data[3] = NaN;
      },
    });
    const { error } = await fakeRun({ folder: folder(), engine, plan: { saveSteps: 2, shuffle: false, schedule: 'constant' } });
    assert.ok(error instanceof ProblemError);
    const checkpoint = path.join(folder(), 'checkpoints', 'step-4');
    assert.equal(
      error.message,
      `"base_model.model.head.lora_A.weight": The loss became NaN at step 5, on row 4; first bad tensor: weight base_model.model.head.lora_A.weight. ` +
        `The checkpoint ${checkpoint} is kept. Lower learning_rate (it was 0.0500 at this step), or set max_grad_norm; ` +
        'if it happens at any rate, look at these rows.',
    );
    const resumed = await fakeRun({ folder: folder(), plan: { saveSteps: 2, shuffle: false, schedule: 'constant' } });
    assert.equal(resumed.end?.kind, 'completed');
  });

  it('never saves weights that are not finite', async () => {
    const { error } = await fakeRun({ folder: folder(), plan: { saveSteps: 1, learningRate: 1e42, schedule: 'constant', optimizer: 'sgd', maxGradNorm: 0 } });
    assert.ok(error instanceof ProblemError);
    assert.equal(error.problems[0]!.id, 'training/not-finite');
    assert.deepEqual(fs.readdirSync(path.join(folder(), 'checkpoints')), []);
  });

  it('says once that an 8-bit optimizer runs in float32', async () => {
    const { events } = await fakeRun({ folder: folder(), plan: { optimizer: 'paged_adamw_8bit' } });
    assert.deepEqual(ofType(events, 'log').map(({ text }) => text), [
      'optimizer_type "paged_adamw_8bit" runs as AdamW with float32 state in memory (neither 8-bit nor paged).',
    ]);
  });
});
