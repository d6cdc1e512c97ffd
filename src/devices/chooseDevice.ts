/** What a run computes on, and why: the device that is asked for, or the best that works. */
import path from 'node:path';
import type { Device } from '../engine/device';
import { cacheFolder } from '../models';
import type { Problem } from '../shared/problem';
import { cudaRuntime } from './cudaRuntime';
import { presentDevices, thisMachine, type MachineFiles } from './presence';
import { tryDevice } from './tryDevice';
import type { Verdict } from './verdict';

/** The part of a recipe that counts. */
export interface DeviceWish {
  readonly device: Device | 'auto';
  readonly compute_dtype: 'float32' | 'float16' | 'int8';
  readonly use_4bit: boolean;
  readonly use_lora: boolean;
}

export interface DeviceChoice {
  readonly device: Device;
  /** A sentence: why this one. */
  readonly reason: string;
  /** Why the run cannot begin as it is asked for. */
  readonly problem?: Problem;
}

export interface ChooseOptions {
  readonly machine?: MachineFiles;
  /** Tries a device; by default in a process of its own, remembering the verdict. */
  readonly attempt?: (device: Exclude<Device, 'cpu'>, isFresh: boolean, isHalf: boolean) => Promise<Verdict>;
  /** Called before a test, which takes seconds. */
  readonly onTest?: (device: Device) => void;
  /** Try again what is remembered. */
  readonly isFresh?: boolean;
}

/** A GPU has to be faster than the processor by this much, for what copies and small ops cost. */
const LEAST_GAIN = 1.5;

/** Never throws for what a machine lacks. Where it has no graphics card, and none is asked for, it costs a look at a few files. */
export async function chooseDevice(wish: DeviceWish, { machine = thisMachine(cudaRuntime()), onTest, isFresh = false, attempt: tryIt = attemptInChild(onTest) }: ChooseOptions = {}): Promise<DeviceChoice> {
  const attempt: Attempt = (device, again = false) => tryIt(device, again || isFresh, wish.compute_dtype === 'float16');
  return wish.device === 'auto' ? bestDevice(wish, machine, attempt) : askedDevice(wish.device, wish, machine, attempt);
}

type Attempt = (device: Exclude<Device, 'cpu'>, isFresh?: boolean) => Promise<Verdict>;

async function bestDevice({ compute_dtype: dtype, use_4bit, use_lora }: DeviceWish, machine: MachineFiles, attempt: Attempt): Promise<DeviceChoice> {
  if (use_4bit && use_lora && dtype !== 'float16') return onCpu('weights of 4 bits are decoded by the CPU');
  if (dtype === 'int8') return onCpu('products in 8 bits are its own');
  const found = presentDevices(machine);
  const reasons: string[] = [];
  for (const { device, missing } of found) {
    if (missing !== undefined) continue;
    const verdict = await attempt(device);
    if (!verdict.works) {
      reasons.push(`${device} does not work: ${verdict.reason}`);
      continue;
    }
    const { flopsPerSecond, cpuFlopsPerSecond } = verdict.result;
    if (flopsPerSecond >= LEAST_GAIN * cpuFlopsPerSecond) return { device, reason: `${device} passed its self-test and multiplies ${speeds(verdict)}.` };
    reasons.push(`${device} multiplies ${speeds(verdict)}, which is no gain`);
  }
  const missing = found.find(one => one.missing !== undefined)?.missing;
  return onCpu(reasons.length > 0 ? reasons.join('; ') : found.find(({ device }) => device === 'webgpu')?.missing ?? missing ?? 'there is no other device', dtype);
}

function speeds({ result }: Extract<Verdict, { works: true }>): string {
  const giga = (value: number) => (value / 1e9).toFixed(value < 10e9 ? 1 : 0);
  return `at ${giga(result.flopsPerSecond)} GFLOP/s where the processor does ${giga(result.cpuFlopsPerSecond)}`;
}

function onCpu(why: string, dtype: DeviceWish['compute_dtype'] = 'float32'): DeviceChoice {
  return { device: 'cpu', reason: `The CPU computes: ${why}.`, ...(dtype === 'float16' && { problem: noHalf(`compute_dtype "float16" needs a GPU: ${why}.`) }) };
}

async function askedDevice(device: Device, { compute_dtype: dtype }: DeviceWish, machine: MachineFiles, attempt: Attempt): Promise<DeviceChoice> {
  if (device === 'cpu') return { device, reason: 'The recipe asks for the CPU.', ...(dtype === 'float16' && { problem: noHalf('compute_dtype "float16" needs a GPU, and the device is "cpu".') }) };
  if (dtype === 'int8') return { device, reason: '', problem: refusal('no-int8', 'device', `compute_dtype "int8" runs on the CPU, and the device is "${device}".`, 'Set device to "cpu", or compute_dtype to "float32".', 'device', 'cpu') };
  const missing = presentDevices(machine).find(one => one.device === device)!.missing;
  if (missing !== undefined) return refused(device, missing);
  const remembered = await attempt(device);
  // What failed once may have been mended since.
  const verdict = remembered.works ? remembered : await attempt(device, true);
  if (!verdict.works) return dtype === 'float16' ? { device, reason: '', problem: noHalf(`The device "${device}" does not compute in float16 here: ${verdict.reason}.`) } : refused(device, verdict.reason);
  return { device, reason: `The recipe asks for ${device}, which passed its self-test: it multiplies ${speeds(verdict)}.` };
}

function refused(device: Device, why: string): DeviceChoice {
  const fetch = device === 'cuda' ? 'Where the machine has an NVIDIA card, fetch the provider with `merlina runtime cuda` and install CUDA 13 with cuBLAS and cuRAND; or set' : 'Update the graphics driver, or set';
  return { device, reason: '', problem: refusal('does-not-work', 'device', `The device "${device}" does not work here: ${why}.`, `${fetch} device to "auto" or "cpu".`, 'device', 'auto') };
}

function noHalf(text: string): Problem {
  return refusal('no-float16', 'compute_dtype', text, 'Set compute_dtype to "float32".', 'compute_dtype', 'float32');
}

function refusal(id: string, field: string, text: string, fix: string, key: string, value: unknown): Problem {
  return { id: `device/${id}`, severity: 'error', text, where: { field }, fix: { text: fix, set: { key, value } } };
}

function attemptInChild(onTest: ChooseOptions['onTest']): NonNullable<ChooseOptions['attempt']> {
  return (device, isFresh, isHalf) => tryDevice(device, { folder: path.join(cacheFolder(), 'devices'), isFresh, isHalf, onTest });
}
