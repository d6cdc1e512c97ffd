/** The tensors that train (or that an adapter adds), with the values they start from. */
import type { DecoderSpec } from '../shared/decoderSpec';
import type { MappableTensor } from '../shared/tensors';
import { freshLora, HEAD_TENSOR, type AdapterOptions, type Placement } from './adapter';
import { readFloats } from './readFloats';
import type { Parameter } from './trainingEngine';
import { findTensor } from './weights';

export interface ParameterOptions {
  spec: DecoderSpec;
  tensors: ReadonlyMap<string, MappableTensor>;
  adapter: AdapterOptions | null;
  /** For all-weights training: tensors to start from instead of the files'. */
  initialWeights?: ReadonlyMap<string, Float32Array>;
}

/** The trainable tensors, from the adapter given, the model's files, or fresh. */
export async function makeParameters({ adapter, tensors, spec, initialWeights }: ParameterOptions, placement: Placement): Promise<Parameter[]> {
  const parameters: Parameter[] = [];
  for (const target of placement.lora.values()) {
    const { rank, seed, initial } = adapter!;
    const fresh = freshLora(target, rank, seed);
    const { inFeatures, outFeatures } = target.ref;
    parameters.push(
      { name: target.aName, shape: [rank, inFeatures], data: taken(initial, target.aName, fresh.a), decays: true },
      { name: target.bName, shape: [outFeatures, rank], data: taken(initial, target.bName, fresh.b), decays: true },
    );
  }
  for (const { tensor: name, key, shape, decays } of placement.whole.values()) {
    const stored = name === HEAD_TENSOR && !tensors.has(name) ? spec.head : name;
    const given = adapter?.initial?.get(key) ?? initialWeights?.get(key);
    parameters.push({ name: key, shape, decays, data: given ? Float32Array.from(given) : await readFloats(findTensor(tensors, stored, shape)) });
  }
  return parameters;
}

function taken(initial: ReadonlyMap<string, Float32Array> | undefined, name: string, fresh: Float32Array): Float32Array {
  const given = initial?.get(name);
  if (!given) return fresh;
  if (given.length !== fresh.length) throw new Error(`adapter: ${name} has ${given.length} entries, ${fresh.length} are needed`);
  return Float32Array.from(given);
}
