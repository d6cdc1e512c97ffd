/** The doctor: what is here, what is wrong, and the line that mends it. Holds no secret: tokens are there or not. */
import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import os from 'node:os';
import { promisify } from 'node:util';
import { access } from 'node:fs/promises';
import { chooseDevice } from '../devices';
import type { DeviceChoice } from '../devices';
import { hubCacheDir, hubSettings, withoutCredentials } from '../models';
import type { Problem } from '../shared/problem';
import { hasHuggingFaceToken, hasWandbKey } from './accounts';
import { readCpuFeatures } from './cpuFeatures';
import { gatherMachine } from './environment';
import type { Machine } from './environment';
import { findGpus } from './gpuFacts';
import type { Gpu } from './gpuFacts';
import { allPythons } from './pythonFacts';
import type { PythonFacts } from './pythonFacts';

export interface RuntimeFacts {
  /** Of onnxruntime-node. */
  readonly version: string | undefined;
  /** What the build lists, and whether a product of two matrices came out right there. */
  readonly providers: readonly { readonly name: string; readonly works: boolean; readonly error?: string }[];
  readonly error?: string;
}

export interface DoctorReport {
  readonly system: { readonly platform: string; readonly cpu: string; readonly cpuFeatures: readonly string[]; readonly node: string; readonly electron?: string };
  readonly machine: Machine;
  readonly runtime: RuntimeFacts;
  /** What a recipe with device "auto" would compute on. */
  readonly device: DeviceChoice;
  /** NVIDIA cards with their driver. */
  readonly gpus: readonly Gpu[];
  readonly pythons: readonly PythonFacts[];
  readonly tokens: { readonly huggingFace: boolean; readonly wandb: boolean };
  readonly hub: { readonly endpoint: string; readonly cache: string; readonly isOffline: boolean; readonly isReachable: boolean | undefined };
  /** Names of the variables that are set; their values may hold passwords. */
  readonly network: readonly string[];
  /** Of those, names of files that are not there. */
  readonly missingFiles: readonly string[];
  readonly problems: readonly Problem[];
}

const NETWORK_VARIABLES = ['HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY', 'http_proxy', 'https_proxy', 'no_proxy', 'NODE_EXTRA_CA_CERTS', 'NODE_USE_ENV_PROXY', 'SSL_CERT_FILE'];
const CERTIFICATE_VARIABLES = ['NODE_EXTRA_CA_CERTS', 'SSL_CERT_FILE'];
const SELF_TEST_TIMEOUT_MS = 20_000;
const HUB_TIMEOUT_MS = 5000;
const OLDEST_NODE = 20;
export interface DoctorOptions {
  /** Disk of this folder is looked at. */
  readonly folder: string;
  readonly environment?: NodeJS.ProcessEnv;
  readonly fetch?: typeof fetch;
}

export async function examine({ folder, environment = process.env, fetch: get = fetch }: DoctorOptions): Promise<DoctorReport> {
  const settings = await hubSettings({}, environment);
  const [machine, runtime, gpus, pythons, huggingFace, wandb, isReachable, cpuFeatures, missingFiles, device] = await Promise.all([
    gatherMachine(folder), testRuntime(), findGpus(), allPythons(environment), hasHuggingFaceToken(environment), hasWandbKey(environment),
    settings.isOffline ? undefined : reach(get, settings.endpoint), readCpuFeatures(), missingCertificates(environment),
    chooseDevice({ device: 'auto', compute_dtype: 'float32', use_4bit: false, use_lora: true }, { isFresh: true }),
  ]);
  const report = {
    system: { platform: `${process.platform}-${process.arch} ${os.release()}`, cpu: os.cpus()[0]?.model.trim() ?? 'unknown', cpuFeatures, node: process.versions.node, ...(process.versions.electron !== undefined && { electron: process.versions.electron }) },
    machine, runtime, device, gpus, pythons: pythons.map(one => ({ ...one, executable: withoutHome(one.executable) })), missingFiles,
    tokens: { huggingFace, wandb },
    hub: { endpoint: withoutCredentials(settings.endpoint), cache: withoutHome(hubCacheDir(environment)), isOffline: settings.isOffline, isReachable },
    network: NETWORK_VARIABLES.filter(name => (environment[name] ?? '') !== ''),
  };
  return { ...report, problems: diagnose(report) };
}

export function diagnose({ system, machine, runtime, gpus, pythons, hub, network, missingFiles }: Omit<DoctorReport, 'problems'>): Problem[] {
  const problem = (severity: Problem['severity'], id: string, text: string, fix: string): Problem => ({ id: `doctor/${id}`, severity, text, fix: { text: fix } });
  const found: Problem[] = [];
  if (Number(system.node.split('.')[0]) < OLDEST_NODE) found.push(problem('error', 'node', `Node ${system.node} is older than ${OLDEST_NODE}.`, `Install Node ${OLDEST_NODE} or newer.`));
  if (runtime.error !== undefined) found.push(problem('error', 'runtime', `onnxruntime-node does not work here: ${runtime.error}`, 'Run `npm install` again, or use backend "trl".'));
  for (const { name, works, error } of runtime.providers) {
    if (!works) found.push(problem(name === 'cpu' ? 'error' : 'info', 'provider', `The provider "${name}" does not compute${error === undefined ? '' : `: ${error}`}.`, name === 'cpu' ? 'Run `npm install` again.' : 'Training goes on without it; to use it, update the graphics driver.'));
  }
  if (gpus.length > 0 && pythons.length > 0 && pythons.every(({ packages, cuda }) => packages.torch === undefined || cuda === undefined) && pythons.some(({ packages }) => packages.torch !== undefined)) {
    found.push(problem('info', 'torch-without-cuda', `No torch here is built for CUDA, so the trl backend leaves the ${gpus[0]!.name} idle.`, 'Install torch with CUDA as pytorch.org says.'));
  }
  for (const name of missingFiles) found.push(problem('warning', 'certificates', `${name} names a file that is not there, so the certificates in it are not used.`, `Correct ${name}, or unset it.`));
  if (system.cpuFeatures.length > 0 && !system.cpuFeatures.some(name => ['avx2', 'asimd'].includes(name))) found.push(problem('warning', 'cpu', 'The processor has no AVX2, so training is several times slower.', 'Use a newer machine.'));
  if (machine.freeMemoryBytes < 2 ** 30) found.push(problem('warning', 'memory', `Only ${Math.round(machine.freeMemoryBytes / 2 ** 20)} MB of memory are free.`, 'Close other programs.'));
  if (machine.freeDiskBytes !== undefined && machine.freeDiskBytes < 2 ** 30) found.push(problem('warning', 'disk', `Only ${Math.round(machine.freeDiskBytes / 2 ** 20)} MB of disk are free.`, 'Free space, or name another folder with --data-dir.'));
  if (hub.isReachable === false) found.push(problem('warning', 'hub', `${hub.endpoint} could not be reached within ${HUB_TIMEOUT_MS / 1000} s.`, network.some(name => /^https?_proxy$/i.test(name)) ? 'Node 24 and newer use the proxy with NODE_USE_ENV_PROXY=1; else use local models.' : 'Check the connection; local models and cached ones work without it.'));
  return found;
}

/** In a process of its own, because a broken driver can end the one it is loaded in. */
async function testRuntime(): Promise<RuntimeFacts> {
  let entry: string;
  try {
    entry = createRequire(import.meta.url).resolve('onnxruntime-node');
  } catch {
    return { version: undefined, providers: [], error: 'it is not installed.' };
  }
  try {
    const { stdout } = await promisify(execFile)(process.execPath, ['-e', SELF_TEST, entry], { timeout: SELF_TEST_TIMEOUT_MS, env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' } });
    return JSON.parse(stdout.slice(stdout.lastIndexOf('\n{') + 1)) as RuntimeFacts;
  } catch (error) {
    return { version: undefined, providers: [], error: firstLine(error instanceof Error ? error.message : String(error)) };
  }
}

/** y = x + x of three numbers, as an ONNX model of one node written out in bytes (ModelProto: ir_version 8, opset 17). */
const SELF_TEST = `
const ort = require(process.argv[1]);
const bytes = (...parts) => Buffer.concat(parts.map(part => Buffer.isBuffer(part) ? part : Buffer.from(part)));
const field = (number, data) => bytes([number << 3 | 2, data.length], data);
const text = (number, value) => field(number, Buffer.from(value));
const value = name => bytes(text(1, name), field(2, field(1, bytes([8, 1], field(2, field(1, Buffer.from([8, 3])))))));
const node = bytes(text(1, 'x'), text(1, 'x'), text(2, 'y'), text(4, 'Add'));
const model = bytes([8, 8], field(7, bytes(field(1, node), text(2, 'g'), field(11, value('x')), field(12, value('y')))), field(8, Buffer.from([16, 17])));
(async () => {
  const providers = [];
  for (const { name } of ort.listSupportedBackends()) {
    try {
      const session = await ort.InferenceSession.create(model, { executionProviders: [name], logSeverityLevel: 4 });
      const { y } = await session.run({ x: new ort.Tensor('float32', Float32Array.of(1, 2, 3), [3]) });
      providers.push({ name, works: [...y.data].join() === '2,4,6' });
    } catch (error) { providers.push({ name, works: false, error: String(error.message).split('\\n')[0] }); }
  }
  process.stdout.write('\\n' + JSON.stringify({ version: ort.env.versions.node ?? ort.env.versions.common, providers }));
  process.exit(0);
})();
`;

/** Variables that name a certificate file which cannot be read. */
async function missingCertificates(environment: NodeJS.ProcessEnv): Promise<string[]> {
  const found = await Promise.all(CERTIFICATE_VARIABLES.map(async name => {
    const file = environment[name] ?? '';
    return file === '' || await access(file).then(() => true, () => false) ? [] : [name];
  }));
  return found.flat();
}

/** The home folder holds the user's name, which is nobody's business in an issue. */
function withoutHome(file: string): string {
  return file.replace(os.homedir(), '~');
}

async function reach(get: typeof fetch, endpoint: string): Promise<boolean> {
  try {
    const response = await get(endpoint, { method: 'HEAD', signal: AbortSignal.timeout(HUB_TIMEOUT_MS) });
    return response.status < 500;
  } catch {
    // No answer of any kind is the finding.
    return false;
  }
}

function firstLine(text: string): string {
  return text.split('\n').find(line => line.trim() !== '')?.trim() ?? text;
}
