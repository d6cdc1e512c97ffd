/** 4-bit NormalFloat with double quantisation, as bitsandbytes stores the weights of QLoRA (arXiv 2305.14314). Blocks run over the flattened tensor. */

/** The 16 values, ascending: quantiles of a standard normal distribution, 0 among them.  Source: bitsandbytes.functional.get_4bit_type("nf4"). */
export const NF4_VALUES: readonly number[] = [
  -1, -0.6961928009986877, -0.5250730514526367, -0.39491748809814453, -0.28444138169288635, -0.18477343022823334, -0.09105003625154495, 0,
  0.07958029955625534, 0.16093020141124725, 0.24611230194568634, 0.33791524171829224, 0.44070982933044434, 0.5626170039176941, 0.7229568362236023, 1,
];

/** Values that share one scale, and scales that share one of their own. */
export const NF4_BLOCK = 64;
const SCALE_BLOCK = 256;

/** A value belongs to the first of the 16 whose upper bound it does not exceed. */
const BOUNDS = Float32Array.from(NF4_VALUES.slice(1), (value, i) => (Math.fround(value) + Math.fround(NF4_VALUES[i])) / 2);

/** Keeps a block of zeros from dividing by zero. */
const SMALLEST_SCALE = Math.fround(1e-38);

export interface Nf4 {
  /** Two codes a byte, the first in the high half; [⌈n/2⌉]. */
  packed: Uint8Array;
  /** Largest magnitude of each block, [⌈n/64⌉]. */
  scales: Float32Array;
}

/** n float32 values → codes and exact scales. */
export function encodeNf4(values: Float32Array): Nf4 {
  const scales = blockMaxima(values, NF4_BLOCK);
  const packed = new Uint8Array(Math.ceil(values.length / 2));
  for (let i = 0; i < 2 * packed.length; i++) {
    // Half a byte at the end belongs to no value: it is zero's code.
    const code = codeOf(i < values.length ? scaled(values, i, scales) : 0);
    packed[i >> 1] |= i % 2 === 0 ? code << 4 : code;
  }
  return { packed, scales };
}

/** `length` float32 values. */
export function decodeNf4({ packed, scales }: Nf4, length: number): Float32Array {
  const table = Float32Array.from(NF4_VALUES);
  return Float32Array.from({ length }, (_, i) => table[i % 2 === 0 ? packed[i >> 1] >> 4 : packed[i >> 1] & 15] * scales[Math.floor(i / NF4_BLOCK)]);
}

export interface QuantisedScales {
  /** Places in `dynamicCodes`, [m]. */
  codes: Uint8Array;
  /** Mean of the scales, taken from each before. */
  offset: number;
  /** Largest magnitude of each 256 scales. */
  nested: Float32Array;
}

/** The second quantisation: 8 bits for each scale instead of 32. */
export function quantiseScales(scales: Float32Array): QuantisedScales {
  const offset = Math.fround(scales.reduce((sum, scale) => sum + scale, 0) / scales.length);
  const centred = scales.map(scale => scale - offset);
  const nested = blockMaxima(centred, SCALE_BLOCK);
  const table = dynamicCodes();
  const codes = Uint8Array.from(centred, (value, i) => {
    const largest = nested[Math.floor(i / SCALE_BLOCK)];
    return nearest(table, largest === 0 ? 0 : Math.fround(value / largest));
  });
  return { codes, offset, nested };
}

export function restoreScales({ codes, offset, nested }: QuantisedScales): Float32Array {
  const table = dynamicCodes();
  return Float32Array.from(codes, (code, i) => Math.fround(table[code] * nested[Math.floor(i / SCALE_BLOCK)]) + offset);
}

let dynamic: Float32Array | undefined;

/** The 256 values of 8-bit dynamic quantisation (arXiv 1511.04561), ascending: in each decade as many steps as its exponent leaves bits for.
 *  Source: bitsandbytes.functional.create_dynamic_map(signed=True, max_exponent_bits=7, total_bits=8). */
export function dynamicCodes(): Float32Array {
  if (dynamic) return dynamic;
  const values = [0, 1];
  for (let decade = 0; decade < 7; decade++) {
    const steps = 2 ** decade;
    const bounds = Array.from({ length: steps + 1 }, (_, i) => linspace(i, steps));
    for (let i = 0; i < steps; i++) {
      const middle = Math.fround(Math.fround(bounds[i] + bounds[i + 1]) / 2);
      const value = Math.fround(Math.fround(10 ** (decade - 6)) * middle);
      values.push(value, -value);
    }
  }
  return (dynamic = Float32Array.from(values).sort());
}

/** torch.linspace(0.1, 1, steps + 1)[i] in float32: counted from the nearer end. */
function linspace(i: number, steps: number): number {
  const start = Math.fround(0.1), step = Math.fround(Math.fround(1 - start) / steps);
  return i < (steps + 1) / 2 ? Math.fround(start + step * i) : Math.fround(1 - step * (steps - i));
}

/** Whole blocks are multiplied by the reciprocal and a last, shorter one is divided, as bitsandbytes does. */
function scaled(values: Float32Array, i: number, scales: Float32Array): number {
  const block = Math.floor(i / NF4_BLOCK);
  const scale = Math.max(scales[block], SMALLEST_SCALE);
  const isWhole = (block + 1) * NF4_BLOCK <= values.length;
  const value = isWhole ? Math.fround(values[i] * Math.fround(1 / scale)) : Math.fround(values[i] / scale);
  return Math.max(-1, Math.min(1, value));
}

function codeOf(value: number): number {
  let code = 0;
  while (code < BOUNDS.length && value > BOUNDS[code]) code++;
  return code;
}

function blockMaxima(values: Float32Array, block: number): Float32Array {
  const maxima = new Float32Array(Math.ceil(values.length / block));
  values.forEach((value, i) => {
    const at = Math.floor(i / block);
    maxima[at] = Math.max(maxima[at], Math.abs(value));
  });
  return maxima;
}

/** Place of the value in an ascending table that lies nearest. */
function nearest(table: Float32Array, value: number): number {
  let low = 0, high = table.length - 1;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (table[middle] <= value) low = middle;
    else high = middle;
  }
  return value - table[low] <= table[high] - value ? low : high;
}
