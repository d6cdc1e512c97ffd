/** The families that can be trained, and config.json → DecoderSpec. To add one: its file, and a line here. */
import { problemError } from '../../shared/problem';
import type { DecoderSpec } from '../../shared/decoderSpec';
import type { ModelConfig } from '../source';
import type { Architecture } from './architecture';
import { gemma2 } from './gemma2';
import { gemma3 } from './gemma3';
import { granite } from './granite';
import { llama } from './llama';
import { mistral } from './mistral';
import { olmo2 } from './olmo2';
import { phi3 } from './phi3';
import { qwen2 } from './qwen2';
import { qwen3 } from './qwen3';
import { smollm3 } from './smollm3';

export const architectures: readonly Architecture[] = [gemma2, gemma3, granite, llama, mistral, olmo2, phi3, qwen2, qwen3, smollm3];

/** Throws a ProblemError naming what is supported where no family reads the model_type. */
export function findArchitecture(config: ModelConfig): Architecture {
  const found = architectures.find(architecture => architecture.modelTypes.includes(config.model_type ?? ''));
  if (found) return found;
  const supported = architectures.flatMap(architecture => architecture.modelTypes).join(', ');
  throw problemError('model/architecture', `Unknown architecture ${config.model_type === undefined ? '(no model_type)' : `"${config.model_type}"`} in config.json. Supported: ${supported}.`, {
    where: { file: 'config.json', field: 'model_type' },
    fix: { text: 'Choose a model of a supported family, or set backend to "trl".', set: { key: 'backend', value: 'trl' } },
  });
}

export function readArchitecture(config: ModelConfig): DecoderSpec {
  return findArchitecture(config).spec(config);
}
export type { Architecture } from './architecture';
