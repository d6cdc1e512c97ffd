/** Dropout whose mask is computed in the graph from random numbers per token, so that the same seed gives the same mask on every run,
 *  also when a layer is recomputed, and no mask of [T,in] crosses into JavaScript. */
import type { LinearRef } from '../shared/decoderSpec';
import { Random } from '../shared/random';
import { cast, less, mul, scale, xor, type Graph, type Value } from './graph';

export interface DropoutSource {
  /** Two columns of random bits per token, int32 [T,1] each. */
  tokens: readonly [Value, Value];
  /** Share of entries that become 0. */
  rate: number;
}

/** Odd constants of the usual integer mixers (murmur3). */
const MIXERS = [0x85ebca6b | 0, 0xc2b2ae35 | 0];

/** 0 or 1/(1 − rate) for every input of a module, float32 [T,in]; modules draw independently. */
export function dropoutMask(g: Graph, { tokens, rate }: DropoutSource, { module, inFeatures }: LinearRef): Value {
  const random = Random.of(0, ...Array.from(module, letter => letter.charCodeAt(0)));
  const columns = g.constant(Int32Array.from({ length: inFeatures }, () => random.bits() | 0), [1, inFeatures]);
  const once = mul(g, xor(g, tokens[0], columns), integer(g, MIXERS[0]));
  // The high bits of a product depend on all lower ones; a second round hides what two tokens share.
  const mixed = mul(g, xor(g, once, tokens[1]), integer(g, MIXERS[1]));
  const threshold = Math.round(rate * 2 ** 32) - 2 ** 31;
  return scale(g, cast(g, less(g, integer(g, threshold - 1), mixed), 'float32'), 1 / (1 - rate));
}

function integer(g: Graph, value: number): Value { return g.constant(Int32Array.of(value), []); }
