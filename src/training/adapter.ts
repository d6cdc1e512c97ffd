/** PEFT adapter folders: reading one to start from or to generate with, and the files of a new one. */
import fs from 'node:fs';
import path from 'node:path';
import type { ModelSource } from '../models/source';
import { readSafetensors } from '../models/safetensors';
import type { Parameter } from '../engine/trainingEngine';
import { problemError } from '../shared/problem';
import { encodeAdapterConfig, parseAdapterConfig } from './adapterConfig';
import type { LoraSettings } from './adapterConfig';
import { encodeParameters } from './checkpoint';
import type { FileContents } from './durableFiles';

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

/** Files of an adapter folder: what PEFT loads, and the tokenizer it was trained with. */
export function adapterFiles(parameters: readonly Parameter[], settings: LoraSettings, model: ModelSource): Map<string, FileContents> {
  return new Map<string, FileContents>([
    [ADAPTER_CONFIG, encodeAdapterConfig(settings, model.id)],
    [ADAPTER_WEIGHTS, encodeParameters(parameters)],
    ...tokenizerFiles(model),
  ]);
}

/** Files of a whole model in transformers' layout, weights in float32. */
export function modelFiles(parameters: readonly Parameter[], model: ModelSource): Map<string, FileContents> {
  const config = { ...model.config, dtype: 'float32', torch_dtype: 'float32' };
  return new Map<string, FileContents>([
    ['config.json', `${JSON.stringify(config, null, 2)}\n`],
    ['model.safetensors', encodeParameters(parameters)],
    ...(model.generationConfig ? [['generation_config.json', `${JSON.stringify(model.generationConfig, null, 2)}\n`] as const] : []),
    ...tokenizerFiles(model),
  ]);
}

function tokenizerFiles({ tokenizer, chatTemplate }: ModelSource): [string, string][] {
  const files: [string, string][] = [];
  if (tokenizer) files.push(['tokenizer.json', tokenizer.tokenizerJson], ['tokenizer_config.json', tokenizer.tokenizerConfig]);
  if (chatTemplate !== undefined) files.push(['chat_template.jinja', chatTemplate]);
  return files;
}
