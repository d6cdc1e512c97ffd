/** Tries a device in a process of its own, within a time limit, and remembers what came of it. */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import type { Device } from '../engine/device';
import { verdictOf, type DeviceTestResult, type Verdict } from './verdict';

export interface TryOptions {
  /** Verdicts are kept here. */
  readonly folder: string;
  /** Products in float16. */
  readonly isHalf?: boolean;
  /** Try again, whatever is remembered. */
  readonly isFresh?: boolean;
  readonly timeoutMs?: number;
  /** Called where a test is made, which takes seconds; not where a verdict is remembered. */
  readonly onTest?: ((device: Device) => void) | undefined;
  readonly environment?: NodeJS.ProcessEnv;
  /** Arguments of Node; the device comes after them. */
  readonly program?: readonly string[];
}

/** Drivers take seconds to load and to compile; one in software half a minute. */
const TIMEOUT_MS = 60_000;
/** Drivers are updated; nothing tells where. */
const KEPT_DAYS = 7;
const DAY_MS = 24 * 3600 * 1000;

export async function tryDevice(device: Exclude<Device, 'cpu'>, options: TryOptions): Promise<Verdict> {
  const file = path.join(options.folder, `device-${device}${options.isHalf ? '-float16' : ''}-${machineId(options.environment)}.json`);
  if (!options.isFresh) {
    const kept = await readFile(file, 'utf8').then(text => JSON.parse(text) as { at: number; verdict: Verdict }, () => undefined);
    if (kept && Date.now() - kept.at < KEPT_DAYS * DAY_MS) return kept.verdict;
  }
  options.onTest?.(device);
  const verdict = await testInChild(device, options);
  await mkdir(options.folder, { recursive: true });
  await writeFile(`${file}.${process.pid}`, JSON.stringify({ at: Date.now(), verdict }));
  await rename(`${file}.${process.pid}`, file);
  return verdict;
}

function testInChild(device: Device, { isHalf = false, timeoutMs = TIMEOUT_MS, environment = process.env, program = testProgram() }: TryOptions): Promise<Verdict> {
  const env = { ...environment, ELECTRON_RUN_AS_NODE: '1' };
  return new Promise(resolve => {
    execFile(process.execPath, [...program, device, ...(isHalf ? ['float16'] : [])], { env, timeout: timeoutMs, killSignal: 'SIGKILL', windowsHide: true, maxBuffer: 2 ** 24 }, (error, stdout) => {
      const line = stdout.split('\n').filter(text => text.startsWith('{')).at(-1);
      if (line !== undefined) return resolve(verdictOf(JSON.parse(line) as DeviceTestResult | { error: string }, isHalf ? 'float16' : 'float32'));
      const how = error?.killed ? `gave no answer within ${timeoutMs / 1000} s` : error?.signal ? `was ended by ${error.signal}` : `ended with exit code ${error?.code ?? 0}`;
      resolve({ works: false, reason: `its self-test ${how}` });
    });
  });
}

/** Beside the bundle that this is part of, or in a folder below; the source where the source runs. */
function testProgram(): string[] {
  const built = [import.meta.dirname, path.dirname(import.meta.dirname)].map(folder => path.join(folder, 'deviceTest.mjs')).find(file => existsSync(file));
  return built === undefined ? ['--import', 'tsx', path.join(import.meta.dirname, 'deviceTestMain.ts')] : [built];
}

/** Of runtime, system and graphics drivers, as far as files tell. */
function machineId(environment: NodeJS.ProcessEnv = process.env): string {
  const { version } = createRequire(import.meta.url)('onnxruntime-node/package.json') as { version: string };
  const { VK_ICD_FILENAMES = '', VK_DRIVER_FILES = '' } = environment;
  return createHash('sha256').update(JSON.stringify([version, process.platform, process.arch, os.release(), os.cpus()[0]?.model, VK_ICD_FILENAMES, VK_DRIVER_FILES, ...cards()])).digest('hex').slice(0, 16);
}

/** Vendor and model of each card, and NVIDIA's driver; on Linux only. */
function cards(): string[] {
  const read = (file: string) => existsSync(file) ? readFileSync(file, 'utf8').trim() : '';
  const folder = '/sys/class/drm';
  const found = existsSync(folder) ? readdirSync(folder).filter(name => /^card\d+$/.test(name)) : [];
  return [read('/proc/driver/nvidia/version'), ...found.flatMap(name => ['vendor', 'device'].map(part => read(path.join(folder, name, 'device', part))))];
}
