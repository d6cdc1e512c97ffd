/** Which products of a model run in 8 bits, and how fine their codes may be on this processor. */
import type { CodeLevels, ProductDirection } from '../shared/eightBit';
import { linearModules, type DecoderSpec } from '../shared/decoderSpec';
import { cast, eightBitProduct, Graph } from './graph';
import { floats, Session } from './session';

/** By tensor name. Left in float32, since they cost most of the precision and little time (figures: docs/devices.md): the forward of query, key and
 *  value, whose errors all later tokens see, and the head's backward, where a row of probabilities is mostly smaller than one step of its codes. */
export function eightBitDirections(spec: DecoderSpec): Map<string, ProductDirection[]> {
  const exact = new Set(spec.layers.flatMap(({ attention: { q, k, v } }) => [q.module, k.module, v.module]));
  const directions = new Map(linearModules(spec).map(({ module }): [string, ProductDirection[]] => [`${module}.weight`, exact.has(module) ? ['backward'] : ['forward', 'backward']]));
  return directions.set(spec.isTied ? spec.embedding : spec.head, ['forward']);
}

/** Some processors (AVX2 and AVX-512 without VNNI) add two products of 8 bits in 16, which overflows, and onnxruntime lets it. One product tells. */
export async function eightBitLevels(): Promise<CodeLevels> {
  const g = new Graph();
  const rows = 16, inner = 64, columns = 32;
  const filled = (value: number, shape: readonly [number, number]) => g.constant(new Int32Array(shape[0] * shape[1]).fill(value), shape);
  const codes = cast(g, filled(255, [rows, inner]), 'uint8');
  const scales = g.constant(new Float32Array(rows).fill(1), [rows, 1]);
  g.output(eightBitProduct(g, { codes, scales }, { codes: cast(g, filled(127, [inner, columns]), 'int8'), scales: g.constant(new Float32Array(columns).fill(1), [columns]) }), 'y');
  const session = await Session.create(g, { threads: 1 });
  try {
    const exact = inner * (255 - 128) * 127;
    return floats(await session.run({}), 'y').every(value => value === exact) ? 127 : 63;
  } finally {
    await session.release();
  }
}
