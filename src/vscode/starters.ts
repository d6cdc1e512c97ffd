/** Recipes to start from: each differs from the defaults only where its line says why. */

export interface Starter {
  id: string;
  /** File name without ".merlina.json"; also the run's output_name. */
  name: string;
  recipe: Record<string, unknown>;
}

const PREFERENCE_PAIRS = { source: { source_type: 'local_file', file_path: 'preferences.jsonl' } };

export const STARTERS: readonly Starter[] = [
  {
    id: 'orpo',
    name: 'my-tune',
    recipe: {
      base_model: 'HuggingFaceTB/SmolLM2-135M-Instruct',
      output_name: 'my-tune',
      training_mode: 'orpo',
      // A small rank and window: a 135M model on a laptop's CPU.
      lora_r: 16,
      lora_alpha: 32,
      max_length: 1024,
      max_prompt_length: 512,
      // Four bits blur a model of this size for the sake of 0.3 GB.
      use_4bit: false,
      // The default 5e-6 is for large models; LoRA on a small one barely moves with it.
      learning_rate: 1e-4,
      dataset: PREFERENCE_PAIRS,
    },
  },
  {
    id: 'sft',
    name: 'my-instruct',
    recipe: {
      base_model: 'HuggingFaceTB/SmolLM2-135M-Instruct',
      output_name: 'my-instruct',
      training_mode: 'sft',
      lora_r: 16,
      lora_alpha: 32,
      max_length: 1024,
      max_prompt_length: 512,
      // Four bits blur a model of this size for the sake of 0.3 GB.
      use_4bit: false,
      learning_rate: 2e-4,
      dataset: { source: { source_type: 'local_file', file_path: 'instructions.jsonl' } },
    },
  },
];

/** The text of a new recipe file: two spaces, newline at the end, as editors format it. */
export function recipeText(recipe: Record<string, unknown>): string {
  return `${JSON.stringify(recipe, null, 2)}\n`;
}
