/** Tensors that the engine can map: quantised GGUF tensors are decoded once into a file in the cache. */
import os from 'node:os';
import path from 'node:path';
import type { CodeLevels, ProductDirection } from '../../shared/eightBit';
import type { EightBitWeight, MappableTensor, TensorInfo } from '../../shared/tensors';
import type { ModelSource } from '../source';
import { decodeToScratch } from './decodeToScratch';
import { eightBitToScratch } from './eightBitToScratch';
import { packToScratch } from './packToScratch';

/** `MERLINA_CACHE`, or the user's cache folder. Holds nothing that cannot be made again. */
export function cacheFolder(environment: NodeJS.ProcessEnv = process.env): string {
  return environment.MERLINA_CACHE ?? path.join(environment.XDG_CACHE_HOME ?? path.join(os.homedir(), '.cache'), 'merlina');
}

export async function mappableTensors(model: ModelSource, onProgress?: (done: number, total: number) => void): Promise<ReadonlyMap<string, TensorInfo>> {
  return decodeToScratch(model.tensors.values(), path.join(cacheFolder(), 'decoded'), { ...(onProgress && { onProgress }) });
}

/** As mappableTensors, those of `names` in 4 bits. What is packed needs no decoding of its own. */
export async function packedTensors(model: ModelSource, names: ReadonlySet<string>, onProgress?: (done: number, total: number) => void): Promise<ReadonlyMap<string, MappableTensor>> {
  const folder = path.join(cacheFolder(), 'decoded');
  const others = await decodeToScratch([...model.tensors.values()].filter(({ name }) => !names.has(name)), folder, { ...(onProgress && { onProgress }) });
  const packed = await packToScratch(model.tensors, names, folder, { ...(onProgress && { onProgress }) });
  return new Map([...packed, ...others]);
}

/** Codes of the model's weights for products in 8 bits, by tensor name. */
export async function eightBitTensors(
  model: ModelSource, directions: ReadonlyMap<string, readonly ProductDirection[]>, levels: CodeLevels, onProgress?: (done: number, total: number) => void,
): Promise<ReadonlyMap<string, EightBitWeight>> {
  return eightBitToScratch(model.tensors, path.join(cacheFolder(), 'decoded'), { directions, levels, ...(onProgress && { onProgress }) });
}
