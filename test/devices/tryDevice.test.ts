import { strict as assert } from 'node:assert';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { testDevice } from '../../src/devices/deviceTest';
import { tryDevice } from '../../src/devices/tryDevice';
import { verdictOf, type DeviceTestResult } from '../../src/devices/verdict';
import { needsSoftwareGpu } from '../needs';

const FINE: DeviceTestResult = { lossError: 0, gradientError: 1e-6, flopsPerSecond: 2, cpuFlopsPerSecond: 1 };
const says = (value: unknown) => ['-e', `console.log('${JSON.stringify(value)}')`, '--'];

describe('trying a device', function () {
  this.timeout(180_000);
  let folder: string;
  beforeEach(async () => { folder = await mkdtemp(path.join(os.tmpdir(), 'merlina-try-')); });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('outlives a driver that crashes or hangs', async () => {
    assert.deepEqual(await tryDevice('webgpu', { folder, program: ['-e', 'process.kill(process.pid, "SIGSEGV"); setTimeout(() => {}, 9000)', '--'] }), { works: false, reason: 'its self-test was ended by SIGSEGV' });
    assert.deepEqual(await tryDevice('dml', { folder, timeoutMs: 300, program: ['-e', 'setTimeout(() => {}, 9000)', '--'] }), { works: false, reason: 'its self-test gave no answer within 0.3 s' });
  });

  it('remembers what came of it until it is to be tried again', async () => {
    const tests: string[] = [];
    const onTest = (device: string) => { tests.push(device); };
    assert.equal((await tryDevice('webgpu', { folder, onTest, program: says(FINE) })).works, true);
    assert.equal((await tryDevice('webgpu', { folder, onTest, program: says({ error: 'gone' }) })).works, true);
    assert.equal(tests.length, 1);
    assert.equal((await tryDevice('webgpu', { folder, onTest, program: says({ error: 'gone' }), isFresh: true })).works, false);
  });

  it('fails a device whose numbers are wrong, or none', () => {
    const reason = (result: Partial<DeviceTestResult>) => (verdictOf(JSON.parse(JSON.stringify({ ...FINE, ...result })) as DeviceTestResult) as { reason?: string }).reason;
    assert.equal(reason({}), undefined);
    assert.equal(reason({ gradientError: 0.2 }), 'it computes wrongly: the loss is off by 0.0e+0 (at most 0.0001), a gradient by 2.0e-1 (at most 0.001)');
    assert.equal(reason({ lossError: NaN }), 'it computes wrongly: the loss is off by no number (at most 0.0001), a gradient by 1.0e-6 (at most 0.001)');
  });

  it('says what a driver said, without the place in the runtime that said it', () => {
    const said = (error: string) => (verdictOf({ error }) as { reason?: string }).reason;
    assert.equal(said('/src/core/webgpu_context.cc:136 onnxruntime::Initialize()::<lambda()> adapter.status == Success was false. Failed to get a WebGPU adapter: No supported adapters.\n'), 'Failed to get a WebGPU adapter: No supported adapters');
    assert.equal(said("Non-zero status code returned while running Cast node. Name:'Cast.1' Status Message: shader_helper.cc:416 GenerateSourceCode Program Cast requires f16 but the device does not support it."), 'its shaders have no float16 (shader-f16)');
    assert.equal(said('/src/cuda_call.cc:146 CUDA failure 35: CUDA driver version is insufficient for CUDA runtime version ; GPU=-1 ; hostname=here'), 'CUDA failure 35: CUDA driver version is insufficient for CUDA runtime version');
  });

  it('finds the CPU to compute as the CPU does', async () => {
    const { lossError, gradientError, flopsPerSecond } = await testDevice('cpu');
    assert.deepEqual([lossError, gradientError], [0, 0]);
    assert.ok(flopsPerSecond > 1e8);
  });

  it('finds a GPU in software right, and slow', async function () {
    const environment = { ...process.env, ...needsSoftwareGpu(this) };
    const verdict = await tryDevice('webgpu', { folder, environment, timeoutMs: 170_000 });
    assert.ok(verdict.works, JSON.stringify(verdict));
    assert.ok(verdict.result.flopsPerSecond < verdict.result.cpuFlopsPerSecond);
  });
});
