/** adapter_config.json as PEFT 0.21 writes and reads it: LoRA with the features that the engine has. */
import { problemError } from '../../shared/problem';

export interface LoraSettings {
  readonly rank: number;
  readonly alpha: number;
  readonly dropout: number;
  readonly targetModules: readonly string[];
  /** Trained whole beside the adapter; empty for none. */
  readonly modulesToSave: readonly string[];
  readonly useRslora: boolean;
}

const PEFT_VERSION = '0.21.2';

/** Text of adapter_config.json: PEFT's keys in its order, defaults for whatever we do not have. */
export function encodeAdapterConfig(settings: LoraSettings, baseModel: string): string {
  const config = {
    alora_invocation_tokens: null,
    alpha_pattern: {},
    arrow_config: null,
    auto_mapping: null,
    base_model_name_or_path: baseModel,
    bias: 'none',
    corda_config: null,
    ensure_weight_tying: false,
    eva_config: null,
    exclude_modules: null,
    fan_in_fan_out: false,
    inference_mode: true,
    init_lora_weights: true,
    layer_replication: null,
    layers_pattern: null,
    layers_to_transform: null,
    loftq_config: {},
    lora_alpha: settings.alpha,
    lora_bias: false,
    lora_dropout: settings.dropout,
    megatron_config: null,
    megatron_core: 'megatron.core',
    modules_to_save: settings.modulesToSave.length === 0 ? null : settings.modulesToSave,
    peft_type: 'LORA',
    peft_version: PEFT_VERSION,
    qalora_group_size: 16,
    r: settings.rank,
    rank_pattern: {},
    revision: null,
    target_modules: settings.targetModules,
    target_parameters: null,
    task_type: 'CAUSAL_LM',
    trainable_token_indices: null,
    use_dora: false,
    use_qalora: false,
    use_rslora: settings.useRslora,
  };
  return `${JSON.stringify(config, null, 2)}\n`;
}

/** Features that change what an adapter computes and that the engine lacks: key and the value that means "off". */
const UNSUPPORTED: readonly (readonly [key: string, off: readonly unknown[]])[] = [
  ['use_dora', [false]],
  ['use_qalora', [false]],
  ['bias', ['none']],
  ['lora_bias', [false]],
  ['fan_in_fan_out', [false]],
  ['rank_pattern', [{}]],
  ['alpha_pattern', [{}]],
  ['layer_replication', []],
  ['trainable_token_indices', []],
  ['target_parameters', [[]]],
  ['alora_invocation_tokens', [[]]],
];

/** Settings of an adapter. `tensorNames` give the modules where target_modules is a pattern.  Throws ProblemError for
 *  another kind of adapter, or a feature that would be lost. */
export function parseAdapterConfig(config: Readonly<Record<string, unknown>>, tensorNames: Iterable<string>, file: string): LoraSettings {
  const refuse = (field: string, text: string) => problemError('training/unsupported-adapter', text, {
    where: { file, field },
    fix: { text: 'Start from a plain LoRA adapter, or from none (init_adapter null).' },
  });
  if (config.peft_type !== 'LORA') throw refuse('peft_type', `The adapter is of type ${String(config.peft_type)}; only LORA can be trained on.`);
  for (const [key, off] of UNSUPPORTED) {
    const value = config[key] ?? null;
    if (value !== null && !off.some(item => JSON.stringify(item) === JSON.stringify(value))) {
      throw refuse(key, `The adapter uses ${key} = ${JSON.stringify(value)}, which the embedded engine does not have.`);
    }
  }
  const { r, lora_alpha: alpha, lora_dropout: dropout, target_modules: targets, modules_to_save: saved } = config;
  if (typeof r !== 'number' || !Number.isInteger(r) || r < 1) throw refuse('r', `The rank is ${JSON.stringify(r)}; a whole number from 1 is needed.`);
  if (typeof alpha !== 'number') throw refuse('lora_alpha', `lora_alpha is ${JSON.stringify(alpha)}; a number is needed.`);
  return {
    rank: r,
    alpha,
    dropout: typeof dropout === 'number' ? dropout : 0,
    targetModules: isStrings(targets) ? [...targets].sort() : adaptedModules(tensorNames),
    modulesToSave: isStrings(saved) ? saved : [],
    useRslora: config.use_rslora === true,
  };
}

/** Full paths of the modules that have an A matrix. */
function adaptedModules(tensorNames: Iterable<string>): string[] {
  return [...tensorNames].flatMap(name => /^base_model\.model\.(.+)\.lora_A\.weight$/.exec(name)?.[1] ?? []).sort();
}

function isStrings(value: unknown): value is string[] {
  return Array.isArray(value) && value.every(item => typeof item === 'string');
}
