/** Instructions that make matrix products fast, by the names that Linux has for them. */
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

const USEFUL = ['avx', 'avx2', 'fma', 'f16c', 'avx512f', 'avx512_bf16', 'avx512_vnni', 'amx_bf16', 'asimd', 'bf16', 'sve'];
/** How macOS names some of them. */
const OF_MACOS: Readonly<Record<string, string>> = { 'avx1.0': 'avx', 'hw.optional.advsimd': 'asimd', 'hw.optional.neon': 'asimd', 'hw.optional.arm.feat_bf16': 'bf16' };
const TIMEOUT_MS = 2000;

/** Empty where the system does not tell (Windows). */
export async function readCpuFeatures(platform: NodeJS.Platform = process.platform): Promise<string[]> {
  try {
    if (platform === 'linux') return featuresOfLinux(await readFile('/proc/cpuinfo', 'utf8'));
    if (platform === 'darwin') return featuresOfMacos((await promisify(execFile)('sysctl', ['machdep.cpu', 'hw.optional'], { timeout: TIMEOUT_MS })).stdout);
  } catch {
    // A container without /proc, or a sysctl that fails: nothing is known.
  }
  return [];
}

/** `flags : fpu avx2 …` on x64, `Features : fp asimd …` on arm64. */
export function featuresOfLinux(cpuinfo: string): string[] {
  return useful(/^(?:flags|Features)\s*:\s*(.*)$/m.exec(cpuinfo)?.[1]?.split(/\s+/) ?? []);
}

/** `machdep.cpu.features: FPU AVX1.0 FMA` on Intel, `hw.optional.arm.FEAT_BF16: 1` on Apple's own. */
export function featuresOfMacos(sysctl: string): string[] {
  return useful(sysctl.toLowerCase().split('\n').flatMap(line => {
    const [name = '', value = ''] = line.split(/:\s*/);
    if (/^machdep\.cpu\.(leaf7_)?features$/.test(name)) return value.split(/\s+/).map(feature => OF_MACOS[feature] ?? feature);
    return value.trim() === '1' ? [OF_MACOS[name] ?? name.replace('hw.optional.', '')] : [];
  }));
}

function useful(found: readonly string[]): string[] {
  return USEFUL.filter(name => found.includes(name));
}
