/** Which devices this machine may have, told from its files in a millisecond: nothing native is loaded where there is no graphics card. */
import { existsSync, readdirSync } from 'node:fs';
import type { Device } from '../engine/device';

export interface Presence {
  readonly device: Exclude<Device, 'cpu'>;
  /** Why there is no need to try; undefined where only a try can tell. */
  readonly missing: string | undefined;
}

export interface MachineFiles {
  readonly platform: NodeJS.Platform;
  readonly arch: string;
  /** Whether a file is there. */
  exists(file: string): boolean;
  /** Names in a folder; empty where there is none. */
  list(folder: string): string[];
  readonly environment: NodeJS.ProcessEnv;
  /** Folder of the fetched CUDA provider, where it was fetched. */
  readonly cudaRuntime: string | undefined;
}

export function thisMachine(cudaRuntime: string | undefined, environment: NodeJS.ProcessEnv = process.env): MachineFiles {
  return { platform: process.platform, arch: process.arch, exists: existsSync, list: folder => existsSync(folder) ? readdirSync(folder) : [], environment, cudaRuntime };
}

/** What onnxruntime-node has providers for on each platform, the one to prefer first (its listSupportedBackends). */
const PROVIDERS: Readonly<Record<string, readonly Presence['device'][]>> = {
  'linux-x64': ['cuda', 'webgpu'], 'linux-arm64': ['webgpu'], 'darwin-arm64': ['webgpu'], 'win32-x64': ['webgpu', 'dml'], 'win32-arm64': ['webgpu', 'dml'],
};

/** Every device but the CPU, those that may work before those that cannot. */
export function presentDevices(machine: MachineFiles): Presence[] {
  const found = (PROVIDERS[`${machine.platform}-${machine.arch}`] ?? []).map((device): Presence => ({ device, missing: missingFor(device, machine) }));
  const others = (['webgpu', 'cuda', 'dml'] as const).filter(device => !found.some(one => one.device === device));
  return [
    ...found.filter(({ missing }) => missing === undefined), ...found.filter(({ missing }) => missing !== undefined),
    ...others.map(device => ({ device, missing: `onnxruntime-node has no ${device} provider for ${machine.platform} on ${machine.arch}` })),
  ];
}

function missingFor(device: Presence['device'], machine: MachineFiles): string | undefined {
  // Windows and macOS always have a driver of some kind; only a try tells what it can.
  if (machine.platform !== 'linux') return undefined;
  const hasNvidia = machine.exists('/dev/nvidia0') || machine.exists('/dev/dxg');
  if (device === 'cuda') {
    if (!hasNvidia) return 'there is no NVIDIA card (/dev/nvidia0)';
    return machine.cudaRuntime === undefined ? 'its libraries were not fetched (merlina runtime cuda)' : undefined;
  }
  const { VK_ICD_FILENAMES, VK_DRIVER_FILES } = machine.environment;
  if (VK_ICD_FILENAMES || VK_DRIVER_FILES || hasNvidia || machine.list('/dev/dri').some(name => name.startsWith('renderD'))) return undefined;
  return 'there is no graphics card (/dev/dri/renderD*, /dev/nvidia0)';
}
