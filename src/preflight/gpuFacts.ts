/** NVIDIA graphics cards, as their driver's own tool tells of them: what the trl backend computes on. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

export interface Gpu {
  readonly name: string;
  readonly driver: string;
  /** Undefined where card and processor share one memory, whose size the driver does not tell. */
  readonly memoryBytes: number | undefined;
  readonly freeBytes: number | undefined;
  /** "8.6" is 8.6; undefined where the driver is too old to say. */
  readonly computeCapability: number | undefined;
}

const QUERY = ['--query-gpu=name,driver_version,memory.total,memory.free,compute_cap', '--format=csv,noheader,nounits'];
const TIMEOUT_MS = 5000;

/** None where there is no driver. */
export async function findGpus(): Promise<Gpu[]> {
  try {
    return parseNvidiaSmi((await promisify(execFile)('nvidia-smi', QUERY, { timeout: TIMEOUT_MS })).stdout);
  } catch {
    // No driver, or one that does not answer: there is no card to compute on.
    return [];
  }
}

/** One card a line: "NVIDIA GeForce RTX 3060, 550.54.14, 12288, 11900, 8.6", memory in MiB; what does not apply is "[N/A]". */
export function parseNvidiaSmi(text: string): Gpu[] {
  return text.split('\n').map(line => line.split(',').map(part => part.trim())).filter(parts => parts.length === 5).map(([name, driver, total, free, capability]) => ({
    name: name!, driver: driver!, memoryBytes: mebibytes(total!), freeBytes: mebibytes(free!), computeCapability: numberOf(capability!),
  }));
}

/** The card that a run takes: the one with the most free memory. */
export function roomiestGpu(gpus: readonly Gpu[]): Gpu | undefined {
  return [...gpus].sort((a, b) => (b.freeBytes ?? 0) - (a.freeBytes ?? 0))[0];
}

function mebibytes(text: string): number | undefined {
  const count = numberOf(text);
  return count === undefined ? undefined : count * 2 ** 20;
}

function numberOf(text: string): number | undefined {
  return /^\d+(\.\d+)?$/.test(text) ? Number(text) : undefined;
}
