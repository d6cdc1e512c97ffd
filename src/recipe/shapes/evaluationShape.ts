/** When the run evaluates, saves, logs and samples. */
import { z } from 'zod';
import { fieldsOf } from './field';

const field = fieldsOf('evaluation');

const WITH_WANDB = { key: 'use_wandb', isOneOf: [true] };

export const evaluationShape = {
  eval_steps: field(z.number().min(0).default(0.2),
    'Evaluate every', '0 is never; below 1 a fraction of all steps; from 1 a number of steps.', { unit: 'steps or fraction', regret: 'quality' }),
  eval_on_start: field(z.boolean().default(false),
    'Evaluate at the start', 'Evaluate before the first step, to see what tuning changed.'),
  early_stopping_patience: field(z.int().min(1).nullable().default(null),
    'Stop early after', 'End the run after so many evaluations without a lower loss; null never does.', { unit: 'evaluations' }),
  save_steps: field(z.number().min(0).nullable().default(null),
    'Save every', 'Checkpoints: null follows the evaluations; 0 is never; below 1 a fraction of all steps; from 1 a number of steps.', { unit: 'steps or fraction' }),
  save_total_limit: field(z.int().min(1).max(1000).default(2),
    'Checkpoints kept', 'The newest so many stay, and the best one.', { unit: 'checkpoints' }),
  logging_steps: field(z.int().min(1).max(100000).default(1),
    'Log every', 'Steps between two reports.', { unit: 'steps' }),
  sample_prompts: field(z.array(z.string().min(1)).max(100).default([]),
    'Sample prompts', 'Prompts answered at each evaluation, to read how the model changes.', { regret: 'quality' }),
  use_wandb: field(z.boolean().default(false),
    'Weights & Biases', 'Report the run to Weights & Biases too.'),
  wandb_project: field(z.string().min(1).nullable().default(null),
    'W&B project', 'Project to report to; null is "merlina-training".', { usedWhen: WITH_WANDB }),
  wandb_run_name: field(z.string().min(1).nullable().default(null),
    'W&B run name', 'Name of the run there; null makes one from the settings.', { usedWhen: WITH_WANDB }),
  wandb_tags: field(z.array(z.string()).nullable().default(null),
    'W&B tags', 'Tags of the run there.', { usedWhen: WITH_WANDB }),
  wandb_notes: field(z.string().nullable().default(null),
    'W&B notes', 'Notes on the run there.', { usedWhen: WITH_WANDB }),
};
