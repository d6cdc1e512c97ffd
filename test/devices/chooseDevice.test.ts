import { strict as assert } from 'node:assert';
import { chooseDevice, type DeviceWish, type MachineFiles, type Verdict } from '../../src/devices';
import { presentDevices } from '../../src/devices';
import { renderProblem } from '../../src/shared/problem';

const WISH: DeviceWish = { device: 'auto', compute_dtype: 'float32', use_4bit: false, use_lora: true };
const BARE: MachineFiles = { platform: 'linux', arch: 'x64', exists: () => false, list: () => [], environment: {}, cudaRuntime: undefined };
const WITH_CARD: MachineFiles = { ...BARE, list: folder => folder === '/dev/dri' ? ['card0', 'renderD128'] : [] };
const WITH_NVIDIA: MachineFiles = { ...BARE, exists: file => file === '/dev/nvidia0' };
const speeds = (gpu: number, cpu: number): Verdict => ({ works: true, result: { lossError: 0, gradientError: 1e-6, flopsPerSecond: gpu * 1e9, cpuFlopsPerSecond: cpu * 1e9 } });
const BROKEN: Verdict = { works: false, reason: 'no supported adapters' };

async function choose(wish: Partial<DeviceWish>, machine: MachineFiles, verdict?: Verdict | ((device: string, isFresh: boolean) => Verdict)) {
  return chooseDevice({ ...WISH, ...wish }, {
    machine, attempt: (device, isFresh) => verdict === undefined ? assert.fail(`${device} was tried`) : Promise.resolve(typeof verdict === 'function' ? verdict(device, isFresh) : verdict),
  });
}

describe('the device of a run', () => {
  it('is the CPU, and nothing is tried, on a machine without a graphics card', async () => {
    assert.deepEqual(await choose({}, BARE), { device: 'cpu', reason: 'The CPU computes: there is no graphics card (/dev/dri/renderD*, /dev/nvidia0).' });
  });

  it('is a GPU that passes its test and is faster', async () => {
    assert.deepEqual(await choose({}, WITH_CARD, speeds(5000, 100)), { device: 'webgpu', reason: 'webgpu passed its self-test and multiplies at 5000 GFLOP/s where the processor does 100.' });
  });

  it('is the CPU where the GPU is one in software, or slower', async () => {
    assert.deepEqual(await choose({}, WITH_CARD, speeds(1, 100)), { device: 'cpu', reason: 'The CPU computes: webgpu multiplies at 1.0 GFLOP/s where the processor does 100, which is no gain.' });
  });

  it('is the CPU where the GPU fails, and says why', async () => {
    assert.deepEqual(await choose({}, WITH_CARD, BROKEN), { device: 'cpu', reason: 'The CPU computes: webgpu does not work: no supported adapters.' });
  });

  it('is CUDA before WebGPU where its libraries were fetched, WebGPU where CUDA fails', async () => {
    const machine = { ...WITH_NVIDIA, cudaRuntime: '/runtimes/cuda' };
    assert.equal((await choose({}, machine, speeds(5000, 100))).device, 'cuda');
    assert.equal((await choose({}, machine, device => device === 'cuda' ? BROKEN : speeds(5000, 100))).device, 'webgpu');
    assert.equal((await choose({}, WITH_NVIDIA, speeds(5000, 100))).device, 'webgpu');
  });

  it('is the CPU, untried, for 8 bits, and for packed weights, which the CPU decodes', async () => {
    assert.equal((await choose({ use_4bit: true }, WITH_CARD)).device, 'cpu');
    assert.deepEqual(await choose({ compute_dtype: 'int8' }, WITH_CARD), { device: 'cpu', reason: 'The CPU computes: products in 8 bits are its own.' });
  });

  it('is the one that is asked for where it works, however slow', async () => {
    const { device, reason } = await choose({ device: 'webgpu' }, WITH_CARD, speeds(1, 100));
    assert.deepEqual([device, reason], ['webgpu', 'The recipe asks for webgpu, which passed its self-test: it multiplies at 1.0 GFLOP/s where the processor does 100.']);
  });

  it('is tried again by name, since a driver may have been mended', async () => {
    assert.equal((await choose({ device: 'webgpu' }, WITH_CARD, (_, isFresh) => isFresh ? speeds(5000, 100) : BROKEN)).problem, undefined);
  });

  const refusals: [what: string, wish: Partial<DeviceWish>, machine: MachineFiles, verdict: Verdict | undefined, text: string][] = [
    ['a device that fails', { device: 'webgpu' }, WITH_CARD, BROKEN, '"device": The device "webgpu" does not work here: no supported adapters. Update the graphics driver, or set device to "auto" or "cpu".'],
    ['a device that is not there', { device: 'webgpu' }, BARE, undefined, '"device": The device "webgpu" does not work here: there is no graphics card (/dev/dri/renderD*, /dev/nvidia0). Update the graphics driver, or set device to "auto" or "cpu".'],
    ['a device of another platform', { device: 'dml' }, WITH_CARD, undefined, '"device": The device "dml" does not work here: onnxruntime-node has no dml provider for linux on x64. Update the graphics driver, or set device to "auto" or "cpu".'],
    ['CUDA without its libraries', { device: 'cuda' }, WITH_NVIDIA, undefined, '"device": The device "cuda" does not work here: its libraries were not fetched (merlina runtime cuda). Where the machine has an NVIDIA card, fetch the provider with `merlina runtime cuda` and install CUDA 13 with cuBLAS and cuRAND; or set device to "auto" or "cpu".'],
    ['float16 on the CPU', { device: 'cpu', compute_dtype: 'float16' }, WITH_CARD, undefined, '"compute_dtype": compute_dtype "float16" needs a GPU, and the device is "cpu". Set compute_dtype to "float32".'],
    ['float16 where no GPU is', { compute_dtype: 'float16' }, BARE, undefined, '"compute_dtype": compute_dtype "float16" needs a GPU: there is no graphics card (/dev/dri/renderD*, /dev/nvidia0). Set compute_dtype to "float32".'],
    ['8 bits on a GPU', { device: 'webgpu', compute_dtype: 'int8' }, WITH_CARD, undefined, '"device": compute_dtype "int8" runs on the CPU, and the device is "webgpu". Set device to "cpu", or compute_dtype to "float32".'],
    ['float16 on a GPU without it', { device: 'webgpu', compute_dtype: 'float16' }, WITH_CARD, { works: false, reason: 'Program Cast requires f16' }, '"compute_dtype": The device "webgpu" does not compute in float16 here: Program Cast requires f16. Set compute_dtype to "float32".'],
  ];
  for (const [what, wish, machine, verdict, text] of refusals)
    it(`is refused with a fix: ${what}`, async () => assert.equal(renderProblem((await choose(wish, machine, verdict)).problem!), text));

  it('is looked for on each platform as its runtime has providers', () => {
    const may = (machine: Partial<MachineFiles>) => presentDevices({ ...BARE, ...machine }).filter(({ missing }) => missing === undefined).map(({ device }) => device);
    assert.deepEqual(may({ platform: 'darwin', arch: 'arm64' }), ['webgpu']);
    assert.deepEqual(may({ platform: 'win32' }), ['webgpu', 'dml']);
    assert.deepEqual(may({ environment: { VK_ICD_FILENAMES: 'driver.json' } }), ['webgpu']);
    assert.deepEqual(may({ platform: 'darwin', arch: 'x64' }), []);
  });
});
