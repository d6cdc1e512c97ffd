/** Files of what a run leaves: a PEFT adapter, or a whole model. */
import type { Parameter } from '../engine/trainingEngine';
import { ADAPTER_CONFIG, ADAPTER_WEIGHTS, encodeAdapterConfig } from '../models/peft';
import type { LoraSettings } from '../models/peft';
import type { ModelSource } from '../models/source';
import { encodeParameters } from './checkpoint';
import type { FileContents } from './durableFiles';

/** Files of an adapter folder: what PEFT loads, and the tokenizer it was trained with. */
export function adapterFiles(parameters: readonly Parameter[], settings: LoraSettings, model: ModelSource): Map<string, FileContents> {
  return new Map<string, FileContents>([
    [ADAPTER_CONFIG, encodeAdapterConfig(settings, model.id)],
    [ADAPTER_WEIGHTS, encodeParameters(parameters)],
    ...tokenizerFiles(model),
  ]);
}

/** Files of a whole model in transformers' layout, weights in float32. */
export function modelFiles(parameters: readonly Parameter[], model: ModelSource): Map<string, FileContents> {
  const config = { ...model.config, dtype: 'float32', torch_dtype: 'float32' };
  return new Map<string, FileContents>([
    ['config.json', `${JSON.stringify(config, null, 2)}\n`],
    ['model.safetensors', encodeParameters(parameters)],
    ...(model.generationConfig ? [['generation_config.json', `${JSON.stringify(model.generationConfig, null, 2)}\n`] as const] : []),
    ...tokenizerFiles(model),
  ]);
}

function tokenizerFiles({ tokenizer, chatTemplate }: ModelSource): [string, string][] {
  const files: [string, string][] = [];
  if (tokenizer) files.push(['tokenizer.json', tokenizer.tokenizerJson], ['tokenizer_config.json', tokenizer.tokenizerConfig]);
  if (chatTemplate !== undefined) files.push(['chat_template.jinja', chatTemplate]);
  return files;
}
