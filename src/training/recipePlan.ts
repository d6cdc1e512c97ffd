/** A recipe's values as the loop, the engine and the adapter take them. */
import type { AdapterOptions } from '../engine';
import type { LoraSettings } from '../models';
import type { Recipe } from '../recipe';
import { resolveCpoAlpha } from '../recipe';
import type { TrainingPlan } from './plan';

export function planOf(recipe: Recipe): TrainingPlan {
  return {
    seed: recipe.seed,
    batchSize: recipe.batch_size,
    accumulationSteps: recipe.gradient_accumulation_steps,
    epochs: recipe.num_epochs,
    maxSteps: recipe.max_steps,
    shuffle: recipe.shuffle_dataset,
    learningRate: recipe.learning_rate,
    schedule: recipe.lr_scheduler_type,
    scheduleOptions: {},
    warmupRatio: recipe.warmup_ratio,
    optimizer: recipe.optimizer_type,
    optimizerOptions: {
      beta1: recipe.adam_beta1,
      beta2: recipe.adam_beta2,
      epsilon: recipe.adam_epsilon,
      weightDecay: recipe.weight_decay,
      adafactor: {
        relativeStep: recipe.adafactor_relative_step,
        scaleParameter: recipe.adafactor_scale_parameter,
        warmupInit: recipe.adafactor_warmup_init,
        decayRate: recipe.adafactor_decay_rate,
        beta1: recipe.adafactor_beta1,
        clipThreshold: recipe.adafactor_clip_threshold,
      },
    },
    maxGradNorm: recipe.max_grad_norm,
    evalSteps: recipe.eval_steps,
    evalOnStart: recipe.eval_on_start,
    saveSteps: recipe.save_steps,
    saveTotalLimit: recipe.save_total_limit,
    loggingSteps: recipe.logging_steps,
    earlyStoppingPatience: recipe.early_stopping_patience,
  };
}

/** The adapter a recipe asks for where it does not start from one. */
export function loraSettingsOf(recipe: Recipe): LoraSettings {
  return {
    rank: recipe.lora_r,
    alpha: recipe.lora_alpha,
    dropout: recipe.lora_dropout,
    targetModules: recipe.target_modules,
    modulesToSave: recipe.modules_to_save,
    useRslora: recipe.use_rslora,
  };
}

export function adapterOptionsOf(settings: LoraSettings, seed: number, initial?: ReadonlyMap<string, Float32Array>): AdapterOptions {
  return { ...settings, seed, ...(initial && { initial }) };
}

/** Every parameter that some loss reads; each takes its own. */
export function lossOf(recipe: Recipe): { id: string; parameters: Record<string, number> } {
  const { beta, gamma, label_smoothing } = recipe;
  return { id: recipe.training_mode, parameters: { beta, gamma, label_smoothing, cpo_alpha: resolveCpoAlpha(recipe) } };
}

/** An adapter to start from decides its own shape; where the recipe says otherwise, a sentence for the log. */
export function overriddenByAdapter(asked: LoraSettings, given: LoraSettings): string | undefined {
  const shown: readonly (readonly [string, unknown, unknown])[] = [
    ['lora_r', asked.rank, given.rank],
    ['lora_alpha', asked.alpha, given.alpha],
    ['use_rslora', asked.useRslora, given.useRslora],
    ['target_modules', [...asked.targetModules].sort(), [...given.targetModules].sort()],
    ['modules_to_save', [...asked.modulesToSave].sort(), [...given.modulesToSave].sort()],
  ];
  const different = shown.filter(([, a, b]) => JSON.stringify(a) !== JSON.stringify(b));
  if (different.length === 0) return undefined;
  return `init_adapter decides ${different.map(([key, a, b]) => `${key} (${JSON.stringify(b)} instead of the recipe's ${JSON.stringify(a)})`).join(', ')}.`;
}
