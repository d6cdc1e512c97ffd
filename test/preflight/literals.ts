/** An environment in which a sound recipe passes every check; tests name only what differs. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { readArchitecture } from '../../src/models';
import type { ModelConfig } from '../../src/models';
import type { Environment } from '../../src/preflight';
import { makeRecipe } from '../../src/recipe';
import type { Recipe, RecipeInput } from '../../src/recipe';

const { models } = JSON.parse(readFileSync(path.join(import.meta.dirname, '../fixtures/text/vram.json'), 'utf8')) as { models: Record<string, ModelConfig> };

/** SmolLM2-135M: the reference's copy of its config.json. */
export const SMOL = models['smollm2-135m']!;

const rows = Array.from({ length: 400 }, () => ({ prompt: 100, responses: [200, 180] }));

export const SOUND: Environment = {
  machine: { cores: 8, memoryBytes: 64 * 2 ** 30, freeMemoryBytes: 48 * 2 ** 30, freeDiskBytes: 500 * 2 ** 30 },
  model: {
    id: 'org/model', state: 'here', problems: [], config: SMOL, spec: readArchitecture(SMOL), defaultTargets: ['q_proj', 'v_proj'], tensorType: 'BF16',
    hasTokenizer: true, hasChatTemplate: true, stopToken: '<|im_end|>',
  },
  dataset: { state: 'read', problems: [], trainRows: 400, evalRows: 4, lengths: rows, longestTokens: 300, cutFraction: 0 },
  tokens: { huggingFace: true, wandb: true },
  backends: ['embedded', 'trl'],
  python: undefined,
  runExists: false,
};

export const PYTHON = { executable: 'python3', version: '3.11.7', packages: { torch: '2.13.0', transformers: '5.23.0', trl: '1.16.0', peft: '0.20.0', accelerate: '1.12.0', datasets: '4.4.0', bitsandbytes: '0.48.0' }, cuda: '12.8' };

export const CARD = { name: 'NVIDIA GeForce RTX 4090', driver: '550.54.14', memoryBytes: 24 * 2 ** 30, freeBytes: 23 * 2 ** 30, computeCapability: 8.9 };

export function recipe(changes: Partial<RecipeInput> = {}): Recipe {
  return makeRecipe({ output_name: 'sound', base_model: 'org/model', dataset: { source: { source_type: 'local_file', file_path: 'rows.jsonl' } }, ...changes });
}
