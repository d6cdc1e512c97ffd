/** PEFT adapter folders: reading one, to start from or to answer with. */
import fs from 'node:fs';
import path from 'node:path';
import { problemError } from '../../shared/problem';
import { readSafetensors } from '../safetensors';
import { parseAdapterConfig } from './adapterConfig';
import type { LoraSettings } from './adapterConfig';

export const ADAPTER_CONFIG = 'adapter_config.json';
export const ADAPTER_WEIGHTS = 'adapter_model.safetensors';

export interface Adapter {
  readonly settings: LoraSettings;
  /** By PEFT's keys, float32. */
  readonly tensors: Map<string, Float32Array>;
  /** base_model_name_or_path. */
  readonly baseModel: string | undefined;
}

/** Throws ProblemError where the folder holds no LoRA adapter that can be used. */
export async function readAdapter(folder: string): Promise<Adapter> {
  const configFile = path.join(folder, ADAPTER_CONFIG);
  const config = readConfig(configFile);
  const file = await readSafetensors(path.join(folder, ADAPTER_WEIGHTS));
  const settings = parseAdapterConfig(config, file.entries.keys(), configFile);
  const tensors = new Map<string, Float32Array>();
  for (const name of file.entries.keys()) tensors.set(name, await file.read(name));
  const base = config.base_model_name_or_path;
  return { settings, tensors, baseModel: typeof base === 'string' ? base : undefined };
}

function readConfig(file: string): Record<string, unknown> {
  const missing = (text: string, cause: unknown) =>
    problemError('training/no-adapter', text, { where: { file }, fix: { text: 'Name a folder that PEFT saved an adapter in.' } }, cause);
  let text: string;
  try {
    text = fs.readFileSync(file, 'utf8');
  } catch (error) {
    throw missing('The folder holds no adapter: this file cannot be read.', error);
  }
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch (error) {
    throw missing('The file is not JSON.', error);
  }
}
