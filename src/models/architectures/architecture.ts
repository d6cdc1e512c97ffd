/** The seam of model families: config.json → DecoderSpec. One file a family; the list is in index.ts. */
import { problemError } from '../../shared/problem';
import type { DecoderSpec } from '../../shared/decoderSpec';
import type { ModelConfig } from '../source';

export interface Architecture {
  /** The `model_type` values of config.json it reads. */
  readonly modelTypes: readonly string[];
  /** Module names LoRA goes on by default; fused names where the architecture fuses. */
  readonly defaultTargets: readonly string[];
  spec(config: ModelConfig): DecoderSpec;
}

/** Reads config.json with types checked; a wrong or missing key is a Problem that names it. */
export class ConfigReader {
  constructor(readonly config: ModelConfig) {}

  number(key: string, fallback?: number): number {
    const value = this.config[key];
    if (typeof value === 'number' && Number.isFinite(value)) return value;
    if ((value === undefined || value === null) && fallback !== undefined) return fallback;
    throw this.wrong(key, value, 'a number');
  }

  /** Null where the key is null or missing. */
  optionalNumber(key: string): number | null {
    const value = this.config[key];
    return value === undefined || value === null ? null : this.number(key);
  }

  boolean(key: string, fallback: boolean): boolean {
    const value = this.config[key];
    if (typeof value === 'boolean') return value;
    if (value === undefined || value === null) return fallback;
    throw this.wrong(key, value, 'true or false');
  }

  string(key: string, fallback: string): string {
    const value = this.config[key];
    if (typeof value === 'string') return value;
    if (value === undefined || value === null) return fallback;
    throw this.wrong(key, value, 'a string');
  }

  /** Undefined where the key is null or missing. */
  object(key: string): Record<string, unknown> | undefined {
    const value = this.config[key];
    if (value === undefined || value === null) return undefined;
    if (typeof value === 'object' && !Array.isArray(value)) return value as Record<string, unknown>;
    throw this.wrong(key, value, 'an object');
  }

  /** Undefined where the key is null or missing. */
  array(key: string): unknown[] | undefined {
    const value = this.config[key];
    if (value === undefined || value === null) return undefined;
    if (Array.isArray(value)) return value as unknown[];
    throw this.wrong(key, value, 'a list');
  }

  private wrong(key: string, value: unknown, wanted: string) {
    return problemError('model/config', `config.json has ${key} = ${JSON.stringify(value) ?? 'nothing'}; ${wanted} is needed.`, {
      where: { file: 'config.json', field: key },
      fix: { text: 'Download the model again, or take the key from the original repository.' },
    });
  }
}
