import { strict as assert } from 'node:assert';
import type { MachineFiles, Verdict } from '../../src/devices';
import { makeRecipe, type RecipeInput } from '../../src/recipe';
import { deviceOfRun, noteBus } from '../../src/training/deviceOfRun';
import type { Problem } from '../../src/shared/problem';
import type { NewEvent } from '../../src/training';

const CARD: MachineFiles = { platform: 'linux', arch: 'x64', exists: () => false, list: () => ['renderD128'], environment: {}, cudaRuntime: undefined };
const FAST: Verdict = { works: true, result: { lossError: 0, gradientError: 0, flopsPerSecond: 5e12, cpuFlopsPerSecond: 1e11 } };
const BROKEN: Verdict = { works: false, reason: 'no adapter' };

async function chosen(recipe: Partial<RecipeInput>, before: 'cpu' | 'webgpu' | undefined, verdict: Verdict) {
  const events: NewEvent[] = [];
  const device = await deviceOfRun(makeRecipe({ output_name: 'run', base_model: 'model', use_4bit: false, dataset: { source: { source_type: 'local_file', file_path: 'rows.jsonl' } }, ...recipe }),
    { emit: event => { events.push(event); } }, before, { machine: CARD, attempt: () => Promise.resolve(verdict) });
  return { device, events };
}

describe('the device a run begins or goes on with', () => {
  it('is said in the log with its reason', async () => {
    assert.deepEqual(await chosen({}, undefined, FAST), {
      device: 'webgpu', events: [{ type: 'log', level: 'info', text: 'Device webgpu: webgpu passed its self-test and multiplies at 5000 GFLOP/s where the processor does 100.' }],
    });
  });

  it('stays the CPU for a run that began there, so that its losses stay the same', async () => {
    assert.equal((await chosen({}, 'cpu', FAST)).device, 'cpu');
  });

  it('is warned of where it is another than the run began on', async () => {
    const { device, events } = await chosen({}, 'webgpu', BROKEN);
    assert.equal(device, 'cpu');
    assert.deepEqual(events.slice(1).map(event => (event as { problem: Problem }).problem.text), ['The run began on webgpu and goes on with cpu: losses may differ in their last digits.']);
  });

  it('is refused where it was asked for and does not work', async () => {
    await assert.rejects(chosen({ device: 'webgpu' }, undefined, BROKEN), /The device "webgpu" does not work here: no adapter\./);
  });

  it('is sent what trains with each micro-batch, and says how much', () => {
    const events: NewEvent[] = [];
    const emit = (event: NewEvent) => { events.push(event); };
    noteBus('cpu', [{ name: 'a', shape: [500_000], data: new Float32Array(500_000), decays: true }], { emit });
    noteBus('webgpu', [{ name: 'a', shape: [500_000], data: new Float32Array(500_000), decays: true }], { emit });
    assert.deepEqual(events, [{ type: 'log', level: 'info', text: 'Each micro-batch sends 2.0 MB of trained tensors to the device and brings 2.0 MB of gradients back (2000000 bytes each way); frozen weights stay there.' }]);
  });
});
