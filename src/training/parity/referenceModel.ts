/** A model folder and an adapter folder of the reference, opened for a parity case. */
import path from 'node:path';
import { findArchitecture } from '../../models/architectures';
import { openModel } from '../../models/openModel';
import { readSafetensors } from '../../models/safetensors';
import type { AdapterOptions } from '../../engine';
import type { DecoderSpec } from '../../shared/decoderSpec';
import type { TensorInfo } from '../../shared/tensors';
import { mappableTensors } from '../../models';

export interface ReferenceModel { spec: DecoderSpec; tensors: ReadonlyMap<string, TensorInfo> }

export async function openReferenceModel(id: string): Promise<ReferenceModel> {
  const model = await openModel(path.resolve(id));
  return { spec: findArchitecture(model.config).spec(model.config), tensors: await mappableTensors(model) };
}

/** All float tensors of a safetensors file. */
export async function readAll(file: string): Promise<Map<string, Float32Array>> {
  const opened = await readSafetensors(file);
  const out = new Map<string, Float32Array>();
  for (const name of opened.entries.keys()) out.set(name, await opened.read(name));
  return out;
}

export function adapterOf(lora: { r: number; lora_alpha: number; target_modules: readonly string[] }, initial: ReadonlyMap<string, Float32Array>): AdapterOptions {
  return { rank: lora.r, alpha: lora.lora_alpha, dropout: 0, targetModules: lora.target_modules, modulesToSave: [], useRslora: false, initial, seed: 0 };
}
