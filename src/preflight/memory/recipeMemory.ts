/** A recipe's memory by the backend that it names, and what would lower it, best first. */
import type { AdapterOptions } from '../../engine/adapter';
import type { ModelConfig } from '../../models';
import type { Recipe } from '../../recipe';
import type { DecoderSpec } from '../../shared/decoderSpec';
import type { TensorType } from '../../shared/tensors';
import { embeddedMemory, trainedSizes } from './embeddedMemory';
import type { MemoryEstimate } from './memoryEstimate';
import { profileOfConfig, profileOfName } from './modelProfile';
import type { RowLengths } from './rowLengths';
import { trlMemory } from './trlMemory';
import type { TrlSettings } from './trlMemory';

/** As much as is known of the model. */
export interface MemoryModel {
  readonly id: string;
  readonly config: ModelConfig | undefined;
  /** Undefined where the architecture is not supported by the embedded engine, or not known. */
  readonly spec: DecoderSpec | undefined;
  readonly tensorType: TensorType;
}

export interface Saving {
  /** "gradient_checkpointing = true" */
  readonly text: string;
  readonly set: { readonly key: string; readonly value: unknown };
  readonly savedBytes: number;
  /** What the run needs then. */
  readonly totalBytes: number;
  readonly price: string;
}

/** Undefined where not even the size of the model is known. Throws ProblemError where the adapter does not fit the model. */
export function recipeMemory(recipe: Recipe, model: MemoryModel, rows?: readonly RowLengths[]): MemoryEstimate | undefined {
  if (recipe.backend === 'embedded' && model.spec) return embedded(recipe, model.spec, model.tensorType, rows);
  const profile = (model.config && profileOfConfig(model.config, { isTiedByDefault: isTiedByDefault(model.config), countsExperts: true })) ?? profileOfName(model.id);
  return profile && trlMemory(profile, trlSettings(recipe));
}

/** Changes of one key that need less, largest saving first; those that save nothing are left out. */
export function memorySavings(recipe: Recipe, model: MemoryModel, rows?: readonly RowLengths[]): Saving[] {
  const before = recipeMemory(recipe, model, rows)?.totalBytes;
  if (before === undefined) return [];
  const halfLength = Math.max(128, Math.floor(recipe.max_length / 2));
  const changes: (Pick<Saving, 'set' | 'price'> & { isUseful: boolean })[] = [
    { set: { key: 'use_4bit', value: true }, price: 'a little precision of the frozen weights, and time to decode them', isUseful: !recipe.use_4bit && recipe.use_lora && !isEightBit(recipe) },
    { set: { key: 'gradient_checkpointing', value: true }, price: 'about a third more time', isUseful: !recipe.gradient_checkpointing },
    { set: { key: 'batch_size', value: 1 }, price: 'more micro-batches; raise gradient_accumulation_steps to keep the effective batch', isUseful: recipe.batch_size > 1 && recipe.training_mode !== 'kto' },
    { set: { key: 'max_length', value: halfLength }, price: 'longer rows are cut', isUseful: halfLength < recipe.max_length && halfLength > recipe.max_prompt_length },
    { set: { key: 'use_lora', value: true }, price: 'an adapter instead of all weights', isUseful: !recipe.use_lora },
    { set: { key: 'optimizer_type', value: 'adafactor' }, price: 'factored second moments instead of exact ones', isUseful: recipe.optimizer_type !== 'adafactor' && !recipe.use_lora },
    { set: { key: 'lora_r', value: 8 }, price: 'a smaller adapter learns less', isUseful: recipe.use_lora && recipe.lora_r > 8 },
    { set: { key: 'eval_steps', value: 0 }, price: 'no evaluation, which has a graph of its own', isUseful: recipe.eval_steps > 0 },
  ];
  return changes.filter(({ isUseful }) => isUseful).flatMap(({ set, price }): Saving[] => {
    const after = recipeMemory({ ...recipe, [set.key]: set.value }, model, set.key === 'max_length' ? shortened(rows, halfLength) : rows)?.totalBytes ?? before;
    return after < before ? [{ text: `${set.key} = ${String(set.value)}`, set, savedBytes: before - after, totalBytes: after, price }] : [];
  }).sort((a, b) => b.savedBytes - a.savedBytes);
}

function embedded(recipe: Recipe, spec: DecoderSpec, tensorType: TensorType, rows: readonly RowLengths[] | undefined): MemoryEstimate {
  return embeddedMemory({ spec, tensorType }, {
    method: recipe.training_mode,
    batchRows: recipe.batch_size,
    maxLength: recipe.max_length,
    trainOnPrompt: recipe.train_on_prompt,
    gradientCheckpointing: recipe.gradient_checkpointing,
    adapter: adapterOf(recipe),
    optimizer: recipe.optimizer_type,
    evaluates: recipe.eval_steps > 0 && (recipe.dataset.eval_source !== null || recipe.dataset.test_size > 0),
    hasNoise: (recipe.neftune_alpha ?? 0) > 0,
    isPacked: isPacked(recipe),
    isEightBit: isEightBit(recipe),
    accumulates: recipe.gradient_accumulation_steps > 1,
  }, rows);
}

/** Weights that all train are not packed, by neither backend. */
export function isPacked({ use_4bit, use_lora }: Recipe): boolean {
  return use_4bit && use_lora;
}

/** Products in 8 bits are with frozen weights (recipe/int8-without-lora says so). */
export function isEightBit({ compute_dtype, use_lora }: Recipe): boolean {
  return compute_dtype === 'int8' && use_lora;
}

/** Bytes of one checkpoint: what trains, and the optimizer's state, both as float32. Undefined where the model's sizes are not known. */
export function checkpointBytes(recipe: Recipe, { spec }: MemoryModel): { weights: number; state: number } | undefined {
  if (!spec) return undefined;
  const { parameters, stateBytes } = trainedSizes(spec, adapterOf(recipe), recipe.optimizer_type);
  return { weights: 4 * parameters, state: stateBytes };
}

export function adapterOf(recipe: Recipe): AdapterOptions | null {
  return recipe.use_lora ? {
    rank: recipe.lora_r, alpha: recipe.lora_alpha, dropout: recipe.lora_dropout, targetModules: recipe.target_modules,
    modulesToSave: recipe.modules_to_save, useRslora: recipe.use_rslora, seed: recipe.seed,
  } : null;
}

function trlSettings(recipe: Recipe): TrlSettings {
  return {
    batchSize: recipe.batch_size, maxLength: recipe.max_length, method: recipe.training_mode, use4bit: recipe.use_4bit, useLora: recipe.use_lora,
    loraRank: recipe.lora_r, targetModules: recipe.target_modules, modulesToSave: recipe.modules_to_save, gradientCheckpointing: recipe.gradient_checkpointing,
    optimizer: recipe.optimizer_type, attention: recipe.attn_implementation, useLiger: recipe.use_liger === true,
  };
}

/** Gemma ties embedding and head in its class, and leaves the key out of config.json. */
function isTiedByDefault({ model_type: type }: ModelConfig): boolean {
  return type?.startsWith('gemma') ?? false;
}

function shortened(rows: readonly RowLengths[] | undefined, maxLength: number): RowLengths[] | undefined {
  return rows?.map(({ prompt, responses }) => {
    const kept = Math.min(prompt, maxLength - 1);
    return responses.length === 0 ? { prompt: Math.min(prompt, maxLength), responses } : { prompt: kept, responses: responses.map(length => Math.min(length, maxLength - kept)) };
  });
}
