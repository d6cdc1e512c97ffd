/** Half-precision floats to float32: IEEE binary16 by table, bfloat16 by shift. Little-endian machines, as every Node platform we run on. */

let table: Float32Array | undefined;

/** All 65536 binary16 values (256 KB, made on first use); index is the bit pattern. */
export function float16Table(): Float32Array {
  if (table) return table;
  table = new Float32Array(65536);
  for (let bits = 0; bits < 65536; bits++) {
    const exponent = (bits >> 10) & 31, fraction = bits & 1023;
    const magnitude = exponent === 0 ? fraction * 2 ** -24
      : exponent === 31 ? (fraction === 0 ? Infinity : NaN)
      : (1 + fraction / 1024) * 2 ** (exponent - 15);
    table[bits] = bits & 0x8000 ? -magnitude : magnitude;
  }
  return table;
}

export function decodeF16(bytes: Uint8Array, out: Float32Array): void {
  const halves = new Uint16Array(bytes.buffer, bytes.byteOffset, out.length), values = float16Table();
  for (let i = 0; i < out.length; i++) out[i] = values[halves[i]!]!;
}

export function decodeBF16(bytes: Uint8Array, out: Float32Array): void {
  const halves = new Uint16Array(bytes.buffer, bytes.byteOffset, out.length);
  const words = new Uint32Array(out.buffer, out.byteOffset, out.length);
  for (let i = 0; i < out.length; i++) words[i] = halves[i]! << 16;
}

/** Float32 to bfloat16 bit patterns, rounding to nearest even as PyTorch does; NaN stays NaN. */
export function encodeBF16(values: Float32Array): Uint16Array {
  const words = new Uint32Array(values.buffer, values.byteOffset, values.length);
  const out = new Uint16Array(values.length);
  for (let i = 0; i < out.length; i++) {
    const word = words[i]!;
    out[i] = (word & 0x7fffffff) > 0x7f800000 ? (word >>> 16) | 0x40 : (word + 0x7fff + ((word >>> 16) & 1)) >>> 16;
  }
  return out;
}
