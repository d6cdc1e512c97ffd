/** The doctor: what is here, what is wrong, and the line that mends it. Holds no secret: tokens are there or not. */
import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import os from 'node:os';
import { promisify } from 'node:util';
import { hubCacheDir, hubSettings, withoutCredentials } from '../models';
import type { Problem } from '../shared/problem';
import { hasHuggingFaceToken, hasWandbKey } from './accounts';
import { gatherMachine } from './environment';
import type { Machine } from './environment';
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
  readonly system: { readonly platform: string; readonly cpu: string; readonly cpuFeatures: readonly string[]; readonly node: string };
  readonly machine: Machine;
  readonly runtime: RuntimeFacts;
  readonly pythons: readonly PythonFacts[];
  readonly tokens: { readonly huggingFace: boolean; readonly wandb: boolean };
  readonly hub: { readonly endpoint: string; readonly cache: string; readonly isOffline: boolean; readonly isReachable: boolean | undefined };
  /** Names of the variables that are set; their values may hold passwords. */
  readonly network: readonly string[];
  readonly problems: readonly Problem[];
}

const NETWORK_VARIABLES = ['HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY', 'http_proxy', 'https_proxy', 'no_proxy', 'NODE_EXTRA_CA_CERTS', 'NODE_USE_ENV_PROXY', 'SSL_CERT_FILE'];
const SELF_TEST_TIMEOUT_MS = 20_000;
const HUB_TIMEOUT_MS = 5000;
const OLDEST_NODE = 20;
/** Instructions that make matrix products fast, as Linux names them. */
const USEFUL_FEATURES = ['avx', 'avx2', 'fma', 'f16c', 'avx512f', 'avx512_bf16', 'avx512_vnni', 'amx_bf16', 'asimd', 'bf16', 'sve'];

export interface DoctorOptions {
  /** Disk of this folder is looked at. */
  readonly folder: string;
  readonly environment?: NodeJS.ProcessEnv;
  readonly fetch?: typeof fetch;
}

export async function examine({ folder, environment = process.env, fetch: get = fetch }: DoctorOptions): Promise<DoctorReport> {
  const settings = await hubSettings({}, environment);
  const [machine, runtime, pythons, huggingFace, wandb, isReachable, cpuFeatures] = await Promise.all([
    gatherMachine(folder), testRuntime(), allPythons(environment), hasHuggingFaceToken(environment), hasWandbKey(environment),
    settings.isOffline ? undefined : reach(get, settings.endpoint), readCpuFeatures(),
  ]);
  const report = {
    system: { platform: `${process.platform}-${process.arch} ${os.release()}`, cpu: os.cpus()[0]?.model.trim() ?? 'unknown', cpuFeatures, node: process.versions.node },
    machine, runtime, pythons,
    tokens: { huggingFace, wandb },
    hub: { endpoint: withoutCredentials(settings.endpoint), cache: hubCacheDir(environment).replace(os.homedir(), '~'), isOffline: settings.isOffline, isReachable },
    network: NETWORK_VARIABLES.filter(name => (environment[name] ?? '') !== ''),
  };
  return { ...report, problems: diagnose(report) };
}

export function diagnose({ system, machine, runtime, hub, network }: Omit<DoctorReport, 'problems'>): Problem[] {
  const problem = (severity: Problem['severity'], id: string, text: string, fix: string): Problem => ({ id: `doctor/${id}`, severity, text, fix: { text: fix } });
  const found: Problem[] = [];
  if (Number(system.node.split('.')[0]) < OLDEST_NODE) found.push(problem('error', 'node', `Node ${system.node} is older than ${OLDEST_NODE}.`, `Install Node ${OLDEST_NODE} or newer.`));
  if (runtime.error !== undefined) found.push(problem('error', 'runtime', `onnxruntime-node does not work here: ${runtime.error}`, 'Run `npm install` again, or use backend "trl".'));
  for (const { name, works, error } of runtime.providers) {
    if (!works) found.push(problem(name === 'cpu' ? 'error' : 'info', 'provider', `The provider "${name}" does not compute${error === undefined ? '' : `: ${error}`}.`, name === 'cpu' ? 'Run `npm install` again.' : 'Nothing needs it today; update the graphics driver to use it later.'));
  }
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

async function reach(get: typeof fetch, endpoint: string): Promise<boolean> {
  try {
    const response = await get(endpoint, { method: 'HEAD', signal: AbortSignal.timeout(HUB_TIMEOUT_MS) });
    return response.status < 500;
  } catch {
    // No answer of any kind is the finding.
    return false;
  }
}

/** Linux only; elsewhere nothing is known. */
async function readCpuFeatures(): Promise<string[]> {
  const { readFile } = await import('node:fs/promises');
  const text = await readFile('/proc/cpuinfo', 'utf8').catch(() => '');
  const flags = new Set(/^(?:flags|Features)\s*:\s*(.*)$/m.exec(text)?.[1]?.split(/\s+/) ?? []);
  return USEFUL_FEATURES.filter(name => flags.has(name));
}

function firstLine(text: string): string {
  return text.split('\n').find(line => line.trim() !== '')?.trim() ?? text;
}
