/** Where the CUDA provider lies once it was fetched. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { cacheFolder } from '../models';

/** Folder that onnxruntime-node is loaded from for CUDA; undefined where it was not fetched. */
export function cudaRuntime(folder = cudaFolder()): string | undefined {
  return existsSync(path.join(folder, 'complete')) ? folder : undefined;
}

/** By the version of the runtime, whose libraries fit no other. */
export function cudaFolder(): string {
  return path.join(cacheFolder(), 'runtimes', 'cuda');
}
