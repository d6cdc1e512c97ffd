/** Step sizes, batches, lengths, optimizer and schedule. */
import { z } from 'zod';
import { fieldsOf } from './field';

const field = fieldsOf('optimisation');

export const schedulerTypes = [
  'cosine', 'linear', 'constant', 'constant_with_warmup', 'cosine_with_restarts', 'polynomial', 'inverse_sqrt', 'cosine_with_min_lr',
  'warmup_stable_decay',
] as const;
export const optimizerTypes = [
  'paged_adamw_8bit', 'paged_adamw_32bit', 'adamw_8bit', 'adamw_torch', 'adamw_hf', 'adafactor', 'sgd', 'lion', 'muon',
] as const;

const ADAM = ['paged_adamw_8bit', 'paged_adamw_32bit', 'adamw_8bit', 'adamw_torch', 'adamw_hf'] satisfies (typeof optimizerTypes)[number][];

/** Merlina's bounds are narrower (batch_size 1–8, max_length from 512, learning_rate up to 1e-3): those are habits, not limits. */
export const optimisationShape = {
  learning_rate: field(z.number().min(1e-8).max(1).default(5e-6),
    'Learning rate', 'Size of a step at the peak of the schedule.',
    { regret: 'quality', hint: 'sft with LoRA: about 2e-4 (arXiv 2305.14314). orpo: 8e-6, dpo: 5e-7 to 5e-6, simpo: 3e-7 to 1e-6, for models of 7 billion; small ones take more.' }),
  num_epochs: field(z.number().gt(0).max(1000).default(2),
    'Epochs', 'How often all rows are seen; fractions are allowed.', { unit: 'epochs', regret: 'quality' }),
  max_steps: field(z.int().min(1).nullable().default(null),
    'Steps at most', 'Number of optimizer updates; when given, it decides instead of the epochs.', { unit: 'steps' }),
  batch_size: field(z.int().min(1).max(1024).default(1),
    'Batch size', 'Rows computed together.', { unit: 'rows', regret: 'cost' }),
  gradient_accumulation_steps: field(z.int().min(1).max(1024).default(16),
    'Gradient accumulation', 'Batches summed before each optimizer update.', { unit: 'batches', regret: 'cost' }),
  max_length: field(z.int().min(8).max(131072).default(2048),
    'Longest row', 'Prompt and response together; longer rows are cut.', { unit: 'tokens', regret: 'run' }),
  max_prompt_length: field(z.int().min(1).max(131072).default(1024),
    'Longest prompt', 'Longer prompts are cut from the left, so that the response keeps its room.', { unit: 'tokens', regret: 'run' }),
  lr_scheduler_type: field(z.enum(schedulerTypes).default('cosine'),
    'Schedule', 'How the learning rate moves after the warm-up.'),
  warmup_ratio: field(z.number().min(0).max(1).default(0.05),
    'Warm-up', 'Share of all steps in which the learning rate rises from 0.', { unit: 'fraction' }),
  weight_decay: field(z.number().min(0).max(1).default(0.01),
    'Weight decay', 'Pull of the weights towards 0, as a share of the learning rate.'),
  max_grad_norm: field(z.number().min(0).max(100).default(0.3),
    'Gradient clipping', 'Longest gradient let through, by its norm over all weights; 0 turns clipping off.'),
  optimizer_type: field(z.enum(optimizerTypes).default('paged_adamw_8bit'),
    'Optimizer', 'The update rule; 8-bit and paged forms use the nearest one that the backend has.'),
  adam_beta1: field(z.number().min(0).lt(1).default(0.9),
    'Adam beta 1', 'Memory of the gradient\'s running mean.', { usedWhen: { key: 'optimizer_type', isOneOf: ADAM } }),
  adam_beta2: field(z.number().min(0).lt(1).default(0.999),
    'Adam beta 2', 'Memory of the squared gradient\'s running mean.', { usedWhen: { key: 'optimizer_type', isOneOf: ADAM } }),
  adam_epsilon: field(z.number().gt(0).max(0.01).default(1e-8),
    'Adam epsilon', 'Added to the divisor, so that it is never 0.', { usedWhen: { key: 'optimizer_type', isOneOf: ADAM } }),
  adafactor_relative_step: field(z.boolean().default(false),
    'Adafactor: relative step', 'Let Adafactor choose the learning rate from the step number.',
    { usedWhen: { key: 'optimizer_type', isOneOf: ['adafactor'] } }),
  adafactor_scale_parameter: field(z.boolean().default(false),
    'Adafactor: scale by parameter', 'Scale each step by the size of the weight it changes.',
    { usedWhen: { key: 'optimizer_type', isOneOf: ['adafactor'] } }),
  adafactor_warmup_init: field(z.boolean().default(false),
    'Adafactor: warm-up start', 'Begin the relative step small.', { usedWhen: { key: 'optimizer_type', isOneOf: ['adafactor'] } }),
  adafactor_decay_rate: field(z.number().min(-1).max(0).default(-0.8),
    'Adafactor: decay rate', 'Exponent by which the memory of squared gradients grows with the step.',
    { usedWhen: { key: 'optimizer_type', isOneOf: ['adafactor'] } }),
  adafactor_beta1: field(z.number().min(0).lt(1).nullable().default(null),
    'Adafactor: beta 1', 'Memory of the gradient\'s running mean; null keeps none, which saves memory.',
    { usedWhen: { key: 'optimizer_type', isOneOf: ['adafactor'] } }),
  adafactor_clip_threshold: field(z.number().gt(0).max(100).default(1),
    'Adafactor: clip threshold', 'Largest root-mean-square of an update.', { usedWhen: { key: 'optimizer_type', isOneOf: ['adafactor'] } }),
  neftune_alpha: field(z.number().min(0).max(100).nullable().default(null),
    'NEFTune alpha', 'Noise on the input embeddings while training (arXiv 2310.05914); null or 0 is none.',
    { hint: '5 to 15 in the paper (arXiv 2310.05914).' }),
  seed: field(z.int().min(0).default(42),
    'Seed', 'Decides every random choice: order of rows, split, dropout, new adapter weights.'),
  shuffle_dataset: field(z.boolean().default(true),
    'Shuffle rows', 'A new order of rows in every epoch.'),
};
