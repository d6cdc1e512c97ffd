/** Where the CUDA provider lies once it was fetched: a copy of the runtime with the provider's libraries beside it. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { loadRuntimeFrom, type Device } from '../engine/device';
import { cacheFolder } from '../models';

/** Written last; without it the folder does not count. */
export const COMPLETE = 'complete';

/** Folder that onnxruntime-node is loaded from for CUDA; undefined where it was not fetched. */
export function cudaRuntime(folder = cudaFolder()): string | undefined {
  return existsSync(path.join(folder, COMPLETE)) ? folder : undefined;
}

/** Before this process's first session. */
export function useRuntimeOf(device: Device): void {
  const folder = device === 'cuda' ? cudaRuntime() : undefined;
  if (folder !== undefined) loadRuntimeFrom(folder);
}

export function cudaFolder(): string {
  return path.join(cacheFolder(), 'runtimes', 'cuda');
}
