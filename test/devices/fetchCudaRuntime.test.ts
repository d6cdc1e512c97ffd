import { strict as assert } from 'node:assert';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { CUDA_PINS, type ProviderPins } from '../../src/devices/cudaPins';
import { cudaRuntime } from '../../src/devices/cudaRuntime';
import { fetchCudaRuntime } from '../../src/devices/fetchCudaRuntime';
import { needsPip } from '../needs';

const LIBRARIES: Readonly<Record<string, string>> = { 'onnxruntime/capi/libonnxruntime_providers_cuda.so': 'the provider', 'onnxruntime/capi/libonnxruntime_providers_shared.so': 'what it shares' };
const WHEEL = 'onnxruntime_gpu-1.30.0-cp311-cp311-manylinux_2_28_x86_64.whl';
const sha256 = (data: string | Buffer) => createHash('sha256').update(data).digest('hex');

/** A wheel as pip takes it, of these files, by Python's own zipfile. */
const MAKE_WHEEL = `
import json, sys, zipfile
info = "onnxruntime_gpu-1.30.0.dist-info/"
files = json.loads(sys.argv[2])
files[info + "METADATA"] = "Metadata-Version: 2.1\\nName: onnxruntime-gpu\\nVersion: 1.30.0\\n"
files[info + "WHEEL"] = "Wheel-Version: 1.0\\nGenerator: test\\nRoot-Is-Purelib: false\\nTag: cp311-cp311-manylinux_2_28_x86_64\\n"
files[info + "RECORD"] = "".join(name + ",,\\n" for name in files) + info + "RECORD,,\\n"
with zipfile.ZipFile(sys.argv[1], "w") as wheel:
    for name, text in files.items(): wheel.writestr(name, text)
`;

describe('merlina runtime cuda', function () {
  this.timeout(120_000);
  let folder: string;
  let target: string;
  before(function () { if (process.platform !== 'linux' || process.arch !== 'x64') this.skip(); });
  beforeEach(() => { folder = mkdtempSync(path.join(os.tmpdir(), 'merlina-cuda-')); target = path.join(folder, 'runtimes', 'cuda'); });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));
  const pinsOf = (wheelHash: string): ProviderPins => ({ ...CUDA_PINS, wheel: { ...CUDA_PINS.wheel, sha256: wheelHash }, files: Object.fromEntries(Object.entries(LIBRARIES).map(([name, text]) => [name, sha256(text)])) });

  function unpacked(changes: Readonly<Record<string, string>> = {}): string {
    const from = path.join(folder, 'unpacked');
    for (const [name, text] of Object.entries({ ...LIBRARIES, ...changes })) {
      mkdirSync(path.dirname(path.join(from, name)), { recursive: true });
      writeFileSync(path.join(from, name), text);
    }
    return from;
  }

  it('puts a runtime that loads, with the libraries beside its own, where device "cuda" looks for it', async () => {
    await fetchCudaRuntime({ folder: target, pins: pinsOf(''), from: unpacked() });
    assert.equal(cudaRuntime(target), target);
    const { listSupportedBackends } = createRequire(path.join(target, 'package.json'))('onnxruntime-node') as { listSupportedBackends(): { name: string }[] };
    assert.ok(listSupportedBackends().some(({ name }) => name === 'cuda'));
    const binaries = path.join(target, 'node_modules/onnxruntime-node/bin/napi-v6/linux/x64');
    assert.deepEqual(Object.keys(LIBRARIES).map(name => readFileSync(path.join(binaries, path.basename(name)), 'utf8')), Object.values(LIBRARIES));
  });

  it('refuses a library that is not the pinned one, and leaves nothing behind', async () => {
    const from = unpacked({ 'onnxruntime/capi/libonnxruntime_providers_cuda.so': 'another' });
    await assert.rejects(fetchCudaRuntime({ folder: target, pins: pinsOf(''), from }), new RegExp(`libonnxruntime_providers_cuda.so is not the file that is pinned: its SHA-256 is ${sha256('another')}, not ${sha256('the provider')}\\. Fetch it again; if it stays so, do not use it\\.`));
    assert.deepEqual([cudaRuntime(target), readdirSync(path.dirname(target))], [undefined, []]);
  });

  it('refuses another version of the runtime than the pinned one', async () => {
    await assert.rejects(fetchCudaRuntime({ folder: target, pins: { ...pinsOf(''), runtimeVersion: '1.0.0' }, from: unpacked() }), /is pinned for onnxruntime-node 1\.0\.0; installed is 1\.\d+\.\d+\. Install onnxruntime-node 1\.0\.0\./);
  });

  describe('by pip, from the index that it is set to', () => {
    let python: string;
    let server: Server;
    let wheel: Buffer;
    let environment: NodeJS.ProcessEnv;

    before(async function () {
      python = needsPip(this);
      const made = mkdtempSync(path.join(os.tmpdir(), 'merlina-wheel-'));
      execFileSync(python, ['-c', MAKE_WHEEL, path.join(made, WHEEL), JSON.stringify(LIBRARIES)]);
      wheel = readFileSync(path.join(made, WHEEL));
      rmSync(made, { recursive: true });
      server = createServer(({ url }, response) => {
        if (url === '/simple/onnxruntime-gpu/') response.setHeader('content-type', 'text/html').end(`<!DOCTYPE html><a href="/files/${WHEEL}">${WHEEL}</a>`);
        else if (url === `/files/${WHEEL}`) response.end(wheel);
        else response.writeHead(404).end();
      });
      await new Promise<void>(resolve => { server.listen(0, '127.0.0.1', resolve); });
      environment = { PATH: process.env.PATH, HOME: os.tmpdir(), PIP_INDEX_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}/simple/`, PIP_CONFIG_FILE: os.devNull, PIP_NO_CACHE_DIR: '1', PIP_RETRIES: '0' };
    });
    after(() => { server?.close(); });

    it('fetches the pinned wheel', async () => {
      await fetchCudaRuntime({ folder: target, pins: pinsOf(sha256(wheel)), python, environment });
      assert.ok(existsSync(path.join(target, 'complete')));
    });

    it('refuses a wheel of another hash', async () => {
      await assert.rejects(fetchCudaRuntime({ folder: target, pins: pinsOf(sha256('other')), python, environment }), /could not bring onnxruntime-gpu 1\.30\.0: .*HASH.*name that folder with --from\./s);
      assert.equal(cudaRuntime(target), undefined);
    });

    it('says so where the index does not have it', async () => {
      await assert.rejects(fetchCudaRuntime({ folder: target, pins: { ...pinsOf(sha256(wheel)), distribution: 'no-such-wheel' }, python, environment }), /could not bring no-such-wheel 1\.30\.0: .*No matching distribution|ERROR/s);
    });
  });
});
