/** Disk that a run's result takes beside the adapter: the merged model that is uploaded, and GGUF files. */
import type { Recipe } from '../recipe';
import type { DecoderSpec } from '../shared/decoderSpec';
import { elementCount, type TensorType } from '../shared/tensors';
import { storedTensors } from './memory';

/** Bits a weight, scales included.  Source: llama.cpp tools/quantize/README.md, Llama 3.1 8B. */
const GGUF_BITS: Readonly<Record<Recipe['gguf_quant_types'][number], number>> = {
  F32: 32, F16: 16, BF16: 16, Q8_0: 8.5, Q6_K: 6.56, Q5_K_M: 5.7, Q5_K_S: 5.57, Q5_1: 6, Q5_0: 5.5, Q4_K_M: 4.89, Q4_K_S: 4.67, Q4_1: 5, Q4_0: 4.5, Q3_K_M: 4, Q2_K: 3.16,
};

export interface ResultBytes {
  /** The adapter merged into the base model, in the base model's type. */
  readonly merged: number;
  readonly gguf: number;
}

export function resultBytes({ use_lora, push_to_hub, merge_lora_before_upload, export_gguf, gguf_quant_types }: Recipe, { spec, tensorType }: { spec: DecoderSpec; tensorType: TensorType }): ResultBytes {
  const count = storedTensors(spec).reduce((total, { shape }) => total + elementCount(shape), 0);
  const isMerged = use_lora && (export_gguf || (push_to_hub && merge_lora_before_upload));
  const merged = isMerged ? count * (tensorType === 'BF16' || tensorType === 'F16' ? 2 : 4) : 0;
  const gguf = export_gguf ? gguf_quant_types.reduce((total, type) => total + (count * GGUF_BITS[type]) / 8, 0) : 0;
  return { merged, gguf };
}
