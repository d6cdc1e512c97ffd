/** Brings the CUDA provider, when it is asked for: pip fetches the pinned wheel from wherever the user's pip is set to, its hash and the hash
 *  of each library are checked, and a copy of the runtime with them beside it is put in place whole or not at all. */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream, existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { promisify } from 'node:util';
import { problemError } from '../shared/problem';
import { CUDA_PINS, type ProviderPins } from './cudaPins';
import { COMPLETE, cudaFolder } from './cudaRuntime';

export interface FetchOptions {
  /** A folder that the wheel was unpacked to, instead of pip. */
  readonly from?: string | undefined;
  readonly folder?: string;
  readonly pins?: ProviderPins;
  readonly python?: string;
  readonly environment?: NodeJS.ProcessEnv;
  readonly onProgress?: (text: string) => void;
}

const TIMEOUT_MS = 30 * 60_000;
const require = createRequire(import.meta.url);

/** The folder that the runtime is loaded from.  Throws ProblemError where the platform has no such provider, pip cannot bring it, or a file is another. */
export async function fetchCudaRuntime({ from, folder = cudaFolder(), pins = CUDA_PINS, python = 'python3', environment = process.env, onProgress = () => {} }: FetchOptions = {}): Promise<string> {
  const package_ = path.dirname(require.resolve('onnxruntime-node/package.json'));
  const { version } = JSON.parse(await readFile(path.join(package_, 'package.json'), 'utf8')) as { version: string };
  if (process.platform !== 'linux' || process.arch !== 'x64') throw problemError('device/no-cuda-here', `There is no CUDA provider for ${process.platform} on ${process.arch}; Linux on x64 has one.`, { fix: { text: 'Use device "webgpu".' } });
  if (version !== pins.runtimeVersion) throw problemError('device/cuda-version', `The CUDA provider is pinned for onnxruntime-node ${pins.runtimeVersion}; installed is ${version}.`, { fix: { text: `Install onnxruntime-node ${pins.runtimeVersion}.` } });
  await mkdir(path.dirname(folder), { recursive: true });
  const work = await mkdtemp(`${folder}.`);
  try {
    if (from === undefined) onProgress(`pip brings ${pins.distribution} ${pins.runtimeVersion} (250 MB).`);
    const wheel = from ?? await fetchWheel(path.join(work, 'wheel'), pins, python, environment);
    onProgress('Checking the libraries.');
    const runtime = path.join(work, 'runtime');
    const libraries = await copyRuntime(package_, runtime);
    for (const [name, sha256] of Object.entries(pins.files)) await copyChecked(path.join(wheel, name), path.join(libraries, path.basename(name)), sha256);
    await writeFile(path.join(runtime, COMPLETE), `${pins.runtimeVersion}\n`);
    await rm(folder, { recursive: true, force: true });
    await rename(runtime, folder);
    return folder;
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** pip's own settings say where from; it refuses a wheel whose hash is another. */
async function fetchWheel(target: string, { distribution, runtimeVersion, wheel }: ProviderPins, python: string, environment: NodeJS.ProcessEnv): Promise<string> {
  await mkdir(target);
  const requirements = `${target}.txt`;
  await writeFile(requirements, `${distribution}==${runtimeVersion} --hash=sha256:${wheel.sha256}\n`);
  try {
    await promisify(execFile)(python, [
      '-m', 'pip', 'install', '--target', target, '--no-deps', '--no-compile', '--only-binary=:all:', '--disable-pip-version-check',
      '--platform', wheel.platform, '--python-version', wheel.pythonVersion, '--implementation', 'cp', '--abi', wheel.abi, '--require-hashes', '-r', requirements,
    ], { timeout: TIMEOUT_MS, env: environment, maxBuffer: 2 ** 24 });
  } catch (cause) {
    const lines = String((cause as { stderr?: string }).stderr ?? cause).split('\n').map(line => line.trim()).filter(line => line !== '');
    throw problemError('device/cuda-not-fetched', `${python} -m pip could not bring ${distribution} ${runtimeVersion}: ${lines.find(line => /error/i.test(line)) ?? lines.at(-1) ?? 'it said nothing'}`, {
      fix: { text: `Unpack the wheel of ${distribution} ${runtimeVersion} for ${wheel.platform} somewhere, and name that folder with --from.` }, notes: lines.slice(-4),
    }, cause);
  }
  return target;
}

/** onnxruntime-node and what it imports, for this platform; gives the folder of its libraries. Copied, since a library looks for others beside its real place. */
async function copyRuntime(package_: string, target: string): Promise<string> {
  const modules = path.join(target, 'node_modules');
  const binaries = path.join('bin', 'napi-v6', process.platform, process.arch);
  for (const part of ['package.json', 'dist', binaries]) await cp(path.join(package_, part), path.join(modules, 'onnxruntime-node', part), { recursive: true });
  const common = path.dirname(path.dirname(path.dirname(createRequire(path.join(package_, 'package.json')).resolve('onnxruntime-common'))));
  await cp(common, path.join(modules, 'onnxruntime-common'), { recursive: true });
  return path.join(modules, 'onnxruntime-node', binaries);
}

async function copyChecked(from: string, to: string, sha256: string): Promise<void> {
  if (!existsSync(from)) throw problemError('device/cuda-file-missing', `There is no ${path.basename(from)} in ${path.dirname(from)}.`, { where: { file: from }, fix: { text: 'Name the folder that the wheel was unpacked to.' } });
  const hash = createHash('sha256');
  for await (const piece of createReadStream(from)) hash.update(piece as Buffer);
  const found = hash.digest('hex');
  if (found !== sha256) throw problemError('device/cuda-file-differs', `${path.basename(from)} is not the file that is pinned: its SHA-256 is ${found}, not ${sha256}.`, { where: { file: from }, fix: { text: 'Fetch it again; if it stays so, do not use it.' } });
  await cp(from, to);
}
