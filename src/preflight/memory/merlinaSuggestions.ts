/** What Merlina suggests where a run does not fit, in its words and order.  Source: Merlina src/vram_estimator.py, suggest_reductions. */
import { GB } from './memoryEstimate';
import type { MemoryEstimate } from './memoryEstimate';
import type { TrlSettings } from './trlMemory';

export function merlinaSuggestions({ components, dominant }: MemoryEstimate, settings: TrlSettings): string[] {
  const gb = (bytes: number | undefined): string => `~${oneDecimal((bytes ?? 0) / GB)}GB`;
  const { batchSize, maxLength, use4bit, useLiger, gradientCheckpointing, optimizer } = settings;
  const isByActivations = dominant === 'activations' && !gradientCheckpointing;
  const suggestions = [
    isByActivations && `enable gradient_checkpointing (activations are the largest consumer at ${gb(components.activations)})`,
    dominant === 'logits_and_loss' && !useLiger &&
      `enable use_liger — fused cross-entropy avoids materializing the full logits tensor (${gb(components.logits_and_loss)} for this vocab size)`,
    !use4bit && 'enable 4-bit quantization',
    batchSize > 1 && `reduce batch_size (currently ${batchSize})`,
    maxLength > 1024 && `reduce max_length (currently ${maxLength})`,
    !gradientCheckpointing && !isByActivations && 'enable gradient_checkpointing',
    (components.optimizer_states ?? 0) > GB && !optimizer.toLowerCase().includes('8bit') && 'switch to paged_adamw_8bit optimizer',
    (components.reference_model ?? 0) > 0 && 'enable LoRA so no separate reference model is loaded',
  ].filter(text => text !== false);
  return suggestions.length > 0 ? suggestions : ['use a smaller model'];
}

/** One decimal as Python writes it: a tie goes to the even digit, where toFixed goes up (2.25 → "2.2"). */
function oneDecimal(value: number): string {
  const isTie = Number.isInteger(value * 4) && !Number.isInteger(value * 2);
  return (isTie ? 2 * Math.round(value * 5) / 10 : value).toFixed(1);
}
