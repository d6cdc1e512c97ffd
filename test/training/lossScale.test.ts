import { strict as assert } from 'node:assert';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { FakeEngine } from './fakeEngine';
import { fakeRun, loggedSteps, pairRows } from './runFixture';

describe('training with a scaled loss', () => {
  let folder: string;
  const inFolder = (name: string): string => path.join(folder, name);
  beforeEach(() => { folder = fs.mkdtempSync(path.join(os.tmpdir(), 'merlina-scale-')); });
  afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));
  const options = { train: pairRows(8), plan: { epochs: 2, accumulationSteps: 2, saveSteps: 1 } };

  it('has the losses of an unscaled one to the last bit where nothing overflows', async () => {
    const plain = await fakeRun({ ...options, folder: inFolder('plain') });
    const scaled = await fakeRun({ ...options, folder: inFolder('scaled'), isHalf: true });
    assert.deepEqual(loggedSteps(scaled.events), loggedSteps(plain.events));
  });

  it('leaves out updates that overflow, says so, and goes on with a smaller factor', async () => {
    const { events, error } = await fakeRun({ ...options, folder: inFolder('run'), isHalf: true, engine: new FakeEngine({ largestScale: 2 ** 13 }) });
    assert.equal(error, undefined);
    assert.deepEqual(events.flatMap(event => event.type === 'log' ? [event.text] : []), [
      'Step 1 changed nothing: its gradients were too large for float16. The loss is now scaled by 32768.',
      'Step 2 changed nothing: its gradients were too large for float16. The loss is now scaled by 16384.',
    ]);
    assert.deepEqual(loggedSteps(events).map(({ grad_norm: norm }) => norm > 0), [false, false, true, true, true, true, true, true]);
  });

  it('goes on from a checkpoint with the factor it had, and the same losses', async () => {
    const engine = () => new FakeEngine({ largestScale: 2 ** 13 });
    const whole = await fakeRun({ ...options, folder: inFolder('whole'), isHalf: true, engine: engine() });
    let microBatches = 0;
    const first = await fakeRun({ ...options, folder: inFolder('parts'), isHalf: true, engine: engine(), stop: () => ++microBatches > 7 });
    assert.equal(first.end?.kind, 'stopped');
    const second = await fakeRun({ ...options, folder: inFolder('parts'), isHalf: true, engine: engine() });
    assert.deepEqual([...loggedSteps(first.events), ...loggedSteps(second.events)], loggedSteps(whole.events));
    assert.deepEqual(second.events.filter(({ type }) => type === 'log'), []);
  });

  it('ends where gradients are infinite whatever the factor, and names float32 as the way out', async () => {
    const { error } = await fakeRun({ ...options, train: pairRows(40), folder: inFolder('run'), isHalf: true, engine: new FakeEngine({ largestScale: 0 }) });
    assert.match(String(error), /A gradient is no longer finite .* at step 17, .*Set compute_dtype to "float32": numbers above 65504 do not fit float16\./);
  });
});
