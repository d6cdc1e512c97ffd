/** The recipe that trains the apprentice from scratch: all weights, on the grammar's text. */
import type { RecipeInput } from '../../src/recipe';

/** `model` is the folder with random weights, `rows` the JSONL file. */
export function trainingRecipe(model: string, rows: string): RecipeInput {
  return {
    base_model: model,
    output_name: 'apprentice',
    training_mode: 'sft',
    use_lora: false,
    num_epochs: 2,
    batch_size: 32,
    gradient_accumulation_steps: 1,
    max_length: 128,
    max_prompt_length: 64,
    // Large steps suit a small model that knows nothing yet; the short memory of squared gradients follows its quick changes.
    learning_rate: 3e-3,
    adam_beta2: 0.98,
    weight_decay: 0.05,
    max_grad_norm: 1,
    warmup_ratio: 0.02,
    lr_scheduler_type: 'cosine',
    optimizer_type: 'adamw_torch',
    // Activations of short rows are few: keeping them costs less than computing them again.
    gradient_checkpointing: false,
    eval_steps: 0,
    save_steps: 0.1,
    logging_steps: 20,
    seed: 5,
    dataset: { source: { source_type: 'local_file', file_path: rows }, test_size: 0 },
  };
}
