/** The recipes whose memory is estimated and measured: what a run costs by model, length, method, batch, checkpointing and 4-bit weights. */
import type { RecipeInput } from '../../src/recipe';

export interface MemoryCase {
  readonly model: 'smollm2' | 'gguf' | 'apprentice' | 'llama' | 'gemma3';
  /** Tokens of a row, about: what the dataset's texts are made for. */
  readonly tokens: number;
  readonly changes: Partial<RecipeInput>;
  /** No constant of the estimate was set by it. */
  readonly isKeptOut?: boolean;
}

const CHECKPOINTED = { gradient_checkpointing: true } as const;
const PACKED = { use_4bit: true } as const;

export const MEMORY_CASES: readonly MemoryCase[] = [
  { model: 'smollm2', tokens: 128, changes: { training_mode: 'orpo' } },
  { model: 'smollm2', tokens: 128, changes: { training_mode: 'orpo', ...CHECKPOINTED } },
  { model: 'smollm2', tokens: 256, changes: { training_mode: 'orpo', ...CHECKPOINTED, eval_steps: 1 } },
  { model: 'smollm2', tokens: 512, changes: { training_mode: 'orpo', ...CHECKPOINTED } },
  { model: 'smollm2', tokens: 128, changes: { training_mode: 'orpo', batch_size: 2, ...CHECKPOINTED } },
  { model: 'smollm2', tokens: 128, changes: { training_mode: 'sft', batch_size: 4, ...CHECKPOINTED } },
  { model: 'smollm2', tokens: 256, changes: { training_mode: 'sft' } },
  { model: 'smollm2', tokens: 128, changes: { training_mode: 'dpo', ...CHECKPOINTED } },
  { model: 'smollm2', tokens: 128, changes: { training_mode: 'kto', batch_size: 2, ...CHECKPOINTED } },
  { model: 'smollm2', tokens: 256, changes: { training_mode: 'orpo', ...PACKED } },
  { model: 'smollm2', tokens: 128, changes: { training_mode: 'dpo', batch_size: 2, ...CHECKPOINTED, ...PACKED } },
  { model: 'smollm2', tokens: 128, changes: { training_mode: 'sft', batch_size: 2, lora_r: 64, gradient_accumulation_steps: 2 } },
  { model: 'smollm2', tokens: 128, changes: { training_mode: 'sft', use_lora: false, ...CHECKPOINTED } },
  { model: 'gguf', tokens: 128, changes: { training_mode: 'orpo' } },
  { model: 'apprentice', tokens: 100, changes: { training_mode: 'orpo', batch_size: 8 } },
  { model: 'llama', tokens: 64, changes: { training_mode: 'orpo', batch_size: 2 } },
  { model: 'smollm2', tokens: 512, changes: { training_mode: 'sft', ...CHECKPOINTED, ...PACKED }, isKeptOut: true },
  { model: 'gguf', tokens: 256, changes: { training_mode: 'simpo', batch_size: 2, ...CHECKPOINTED, ...PACKED }, isKeptOut: true },
  { model: 'apprentice', tokens: 200, changes: { training_mode: 'sft', batch_size: 8, use_lora: false }, isKeptOut: true },
  { model: 'gemma3', tokens: 64, changes: { training_mode: 'dpo', batch_size: 4 }, isKeptOut: true },
];
