/** A GPU in software: Chromium's SwiftShader, which the runtime's WebGPU provider takes for a Vulkan driver. Slow, and right. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';

const ROOT = path.resolve(import.meta.dirname, '..');
/** Where Linux distributions put Chromium's own files; MERLINA_SWIFTSHADER names another. */
const FOLDERS = [process.env.MERLINA_SWIFTSHADER, '/usr/lib/chromium', '/usr/lib/chromium-browser', '/usr/lib64/chromium-browser', '/opt/google/chrome'];
const DRIVER = 'vk_swiftshader_icd.json';

/** Environment in which a process finds the driver and the loader beside it; undefined where there is no SwiftShader. */
export function softwareGpu(): Record<string, string> | undefined {
  const folder = FOLDERS.find(one => one !== undefined && existsSync(path.join(one, DRIVER)));
  return folder === undefined ? undefined : { VK_ICD_FILENAMES: path.join(folder, DRIVER), LD_LIBRARY_PATH: folder };
}

/** Runs a script of the tests on it, in a process of its own, since a loader is found when a process starts. `result` is what it printed last, as JSON. */
export async function onSoftwareGpu(script: string, args: readonly string[], environment: NodeJS.ProcessEnv): Promise<{ result: unknown; log: string }> {
  const { stdout, stderr } = await promisify(execFile)(process.execPath, ['--import', 'tsx', path.join(ROOT, 'test', script), ...args], { cwd: ROOT, env: { ...process.env, ...environment }, maxBuffer: 2 ** 26 });
  return { result: JSON.parse(stdout.trim().split('\n').at(-1)!), log: stderr };
}
