/** Typed access to a GGUF's metadata; a key of the wrong kind or a missing one is a Problem. */
import { problemError } from '../../shared/problem';
import type { GgufFile, GgufValue } from './readGguf';

export class GgufMetadata {
  constructor(readonly gguf: GgufFile) {}

  number(key: string, otherwise?: number): number {
    const value = this.optionalNumber(key) ?? otherwise;
    if (value === undefined) throw this.bad(key, 'is missing; a number is needed.');
    return value;
  }

  /** A list is taken where all its entries agree (llama.cpp writes some sizes once per layer). */
  optionalNumber(key: string): number | undefined {
    let value = this.gguf.metadata.get(key);
    if (Array.isArray(value)) {
      const [first, ...rest] = value;
      if (first === undefined || rest.some(other => other !== first)) throw this.bad(key, 'differs between layers, which is not supported.');
      value = first;
    }
    if (value === undefined) return undefined;
    if (typeof value === 'bigint') value = Number(value);
    if (typeof value !== 'number' || !Number.isFinite(value)) throw this.bad(key, `is ${show(value)}; a number is needed.`);
    return shortest(value);
  }

  boolean(key: string, otherwise: boolean): boolean {
    const value = this.gguf.metadata.get(key) ?? otherwise;
    if (typeof value !== 'boolean') throw this.bad(key, `is ${show(value)}; true or false is needed.`);
    return value;
  }

  text(key: string): string | undefined {
    const value = this.gguf.metadata.get(key);
    if (value !== undefined && typeof value !== 'string') throw this.bad(key, `is ${show(value)}; text is needed.`);
    return value;
  }

  texts(key: string): string[] | undefined {
    return this.list(key, 'texts', (value): value is string => typeof value === 'string');
  }

  numbers(key: string): number[] | undefined {
    return this.list(key, 'numbers', (value): value is number => typeof value === 'number');
  }

  private list<T extends GgufValue>(key: string, what: string, isKind: (value: GgufValue) => value is T): T[] | undefined {
    const value = this.gguf.metadata.get(key);
    if (value === undefined) return undefined;
    if (!Array.isArray(value) || !value.every(isKind)) throw this.bad(key, `is not a list of ${what}.`);
    return value;
  }

  bad(key: string, text: string): Error {
    return problemError('models/bad-gguf-metadata', `the metadata "${key}" ${text}`, { where: { file: this.gguf.file, field: key },
      fix: { text: 'Use a GGUF made by a current llama.cpp, or the original safetensors.' } });
  }
}

/** A float32 as the shortest decimal that means it (1e-5, not 9.999999747378752e-6), so that config equals the one it was made from. */
function shortest(value: number): number {
  for (let digits = 1; digits <= 8; digits++) {
    const rounded = Number(value.toPrecision(digits));
    if (Math.fround(rounded) === value) return rounded;
  }
  return value;
}

function show(value: GgufValue | undefined): string {
  return Array.isArray(value) ? `a list of ${value.length}` : JSON.stringify(typeof value === 'bigint' ? String(value) : value);
}
