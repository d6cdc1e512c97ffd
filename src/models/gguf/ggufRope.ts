/** config.json's `rope_scaling` from a GGUF's metadata and rope tables. */
import { closeSync, openSync, readSync } from 'node:fs';
import { problemError } from '../../shared/problem';
import { decodeTensor } from '../decode/decodeTensor';
import type { GgufMetadata } from './metadata';
import { elementCount } from '../../shared/tensors';

/** A head has at most a few hundred frequencies. */
const maxTableElements = 4096;
const llama3Low = 1, llama3High = 4;

/** Keys to add to config.json; `key` makes a metadata key of the architecture from its end. */
export function ggufRope(metadata: GgufMetadata, key: (suffix: string) => string, rope: { theta: number; headSize: number; maxPositions: number }): Record<string, unknown> {
  const long = table(metadata, 'rope_factors_long.weight'), short = table(metadata, 'rope_factors_short.weight'), frequencies = table(metadata, 'rope_freqs.weight');
  const original = metadata.optionalNumber(key('rope.scaling.original_context_length'));
  if (long && short) return {
    original_max_position_embeddings: original ?? rope.maxPositions,
    rope_scaling: { rope_type: 'longrope', long_factor: long, short_factor: short, original_max_position_embeddings: original ?? rope.maxPositions },
  };
  if (frequencies) return { rope_scaling: llama3Scaling(metadata, frequencies, rope.theta, rope.headSize) };
  const type = metadata.text(key('rope.scaling.type')) ?? 'none';
  const factor = metadata.optionalNumber(key('rope.scaling.factor')) ?? metadata.optionalNumber(key('rope.scale_linear')) ?? 1;
  switch (type) {
    case 'none': return factor === 1 ? {} : { rope_scaling: { rope_type: 'linear', factor } };
    case 'linear': return factor === 1 ? {} : { rope_scaling: { rope_type: 'linear', factor } };
    case 'yarn': return {
      rope_scaling: {
        rope_type: 'yarn', factor, original_max_position_embeddings: original ?? rope.maxPositions,
        ...named('beta_fast', metadata.optionalNumber(key('rope.scaling.yarn_beta_fast'))), ...named('beta_slow', metadata.optionalNumber(key('rope.scaling.yarn_beta_slow'))),
      },
    };
    default: throw metadata.bad(key('rope.scaling.type'), `is "${type}". Supported: none, linear, yarn.`);
  }
}

function named(name: string, value: number | undefined): Record<string, number> {
  return value === undefined ? {} : { [name]: value };
}

/** llama.cpp stores Llama 3's scaling only as its result, a divisor per frequency. All published models have low 1, high 4 and a power of two as
 *  original context (8192). The one whose divisors equal the stored ones is taken; another rule is refused instead of taken for this one. */
function llama3Scaling(metadata: GgufMetadata, divisors: readonly number[], theta: number, headSize: number): Record<string, unknown> {
  const factor = Math.max(...divisors);
  for (let original = 2 ** 20; original >= 2 ** 4 && divisors.length === headSize / 2; original /= 2) {
    const expected = llama3Divisors({ factor, original, theta, headSize });
    if (divisors.every((divisor, i) => Math.abs(divisor - expected[i]!) <= 1e-4 * expected[i]!))
      return { rope_type: 'llama3', factor, low_freq_factor: llama3Low, high_freq_factor: llama3High, original_max_position_embeddings: original };
  }
  throw problemError('models/unknown-rope', `its ${divisors.length} divisors (largest ${factor}) are not those of Llama 3's rule for any original context up to ${2 ** 20}.`,
    { where: { file: metadata.gguf.file, field: 'rope_freqs.weight' }, fix: { text: 'Use the original safetensors of this model.' } });
}

function llama3Divisors({ factor, original, theta, headSize }: { factor: number; original: number; theta: number; headSize: number }): number[] {
  return Array.from({ length: headSize / 2 }, (_, i) => {
    const wavelength = 2 * Math.PI * theta ** ((2 * i) / headSize);
    if (wavelength < original / llama3High) return 1;
    if (wavelength > original / llama3Low) return factor;
    const smooth = (original / wavelength - llama3Low) / (llama3High - llama3Low);
    return 1 / ((1 - smooth) / factor + smooth);
  });
}

function table(metadata: GgufMetadata, name: string): number[] | undefined {
  const tensor = metadata.gguf.tensors.find(candidate => candidate.name === name);
  if (!tensor) return undefined;
  const elements = elementCount(tensor.shape);
  if (elements > maxTableElements) throw problemError('models/bad-gguf-metadata', `it has ${elements} entries; the limit is ${maxTableElements}.`, { where: { file: metadata.gguf.file, field: name } });
  const bytes = new Uint8Array(tensor.byteLength), descriptor = openSync(metadata.gguf.file, 'r');
  try {
    readSync(descriptor, bytes, 0, bytes.byteLength, tensor.offset);
  } finally {
    closeSync(descriptor);
  }
  return [...decodeTensor(tensor.type, bytes, elements)];
}
