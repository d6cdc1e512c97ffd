/** Memory of a run by TRL: Merlina's formula, and named corrections of what it leaves out.  Source: Merlina 2.2.0, src/vram_estimator.py. */
import { GB, memoryEstimate } from './memoryEstimate';
import type { MemoryEstimate } from './memoryEstimate';
import type { ModelProfile } from './modelProfile';

export interface TrlSettings {
  readonly batchSize: number;
  readonly maxLength: number;
  readonly method: string;
  readonly use4bit: boolean;
  readonly useLora: boolean;
  readonly loraRank: number;
  /** Empty takes the seven projections. */
  readonly targetModules: readonly string[];
  readonly modulesToSave: readonly string[];
  readonly gradientCheckpointing: boolean;
  readonly optimizer: string;
  readonly attention: string;
  readonly useLiger: boolean;
}

/** What Merlina's formula gets wrong, each by a name; none gives Merlina's own numbers. */
export type TrlCorrection =
  /** IPO keeps a reference model as DPO does. */
  | 'ipo-reference'
  /** Queries and attention's output are heads × head_dim wide, which need not be hidden_size (Gemma, Qwen3). */
  | 'head-size'
  /** A token passes some experts, and each expert has its own adapter. */
  | 'experts'
  /** Weights that train are not kept in 4 bits. */
  | 'full-not-4bit';

export const TRL_CORRECTIONS: readonly TrlCorrection[] = ['ipo-reference', 'head-size', 'experts', 'full-not-4bit'];

const PAIRED = ['orpo', 'dpo', 'simpo', 'cpo', 'ipo'];
const SEVEN_PROJECTIONS = ['q_proj', 'k_proj', 'v_proj', 'o_proj', 'gate_proj', 'up_proj', 'down_proj'];

/** State of the optimizer, bytes a trained parameter. */
const STATE_BYTES: Readonly<Record<string, number>> = {
  paged_adamw_8bit: 2, adamw_8bit: 2, paged_adamw_32bit: 8, adamw_torch: 8, adamw_hf: 8, adafactor: 0.5, sgd: 0, muon: 4,
};
const UNKNOWN_STATE_BYTES = 8;

/** NF4 with double-quantised scales, bytes a parameter. */
const NF4_BYTES = 0.53;
const CUDA_CONTEXT_BYTES = 0.9 * GB;
const FRAGMENTATION_FRACTION = 0.08;
/** Share of the logits that Liger's fused loss still holds. */
const LIGER_FRACTION = 0.15;

export function trlMemory(profile: ModelProfile, settings: TrlSettings, corrections: readonly TrlCorrection[] = TRL_CORRECTIONS): MemoryEstimate {
  const isCorrected = (name: TrlCorrection): boolean => corrections.includes(name);
  const { params, hiddenSize: h, layerCount, vocabSize, headCount } = profile;
  const { useLora, maxLength, gradientCheckpointing } = settings;
  const method = settings.method.toLowerCase();
  const sizes = layerSizes(profile, isCorrected);
  const notes: string[] = [];

  const rows = settings.batchSize * (PAIRED.includes(method) ? 2 : 1);
  if (PAIRED.includes(method)) notes.push(`${method.toUpperCase()} runs chosen+rejected together, doubling the effective forward batch to ${rows}.`);

  const use4bit = settings.use4bit && (useLora || !isCorrected('full-not-4bit'));
  const outer = vocabSize * h + (profile.isTied ? 0 : vocabSize * h);
  const weights = use4bit ? Math.max(params - outer, 0) * NF4_BYTES + outer * 2 : params * 2;

  const needsReference = !useLora && (['dpo', 'kto'].includes(method) || (method === 'ipo' && isCorrected('ipo-reference')));
  if (needsReference) notes.push(`${method.toUpperCase()} without LoRA loads a second frozen reference model; with LoRA the reference is free (adapters disabled).`);

  const trained = useLora ? layerCount * loraParams(settings, sizes, h) + wholeModules(settings) * vocabSize * h : params;
  if (useLora && settings.modulesToSave.length > 0) notes.push('modules_to_save trains full embedding/lm_head copies — far more trainable parameters than the LoRA adapters themselves.');
  if (!useLora) notes.push('Full fine-tuning: gradients and optimizer states cover every parameter.');

  const tokens = rows * maxLength;
  const layer = tokens * sizes.activationBytes;
  const isEager = settings.attention.toLowerCase() === 'eager';
  const scores = isEager ? 4 * rows * headCount * maxLength ** 2 : 0;
  if (isEager) notes.push('Eager attention materializes full attention matrices; flash_attention_2 or sdpa would remove this term.');
  const logits = tokens * (2 * h + 10 * vocabSize) * (settings.useLiger ? LIGER_FRACTION : 1);

  const bytes = {
    model_weights: weights,
    reference_model: needsReference ? weights : 0,
    trainable_params: useLora ? trained * 4 : 0,
    gradients: trained * (useLora ? 4 : 2),
    optimizer_states: trained * (STATE_BYTES[settings.optimizer.toLowerCase()] ?? UNKNOWN_STATE_BYTES),
    activations: gradientCheckpointing ? 2 * tokens * h * layerCount + layer + scores : (layer + scores) * layerCount,
    logits_and_loss: logits,
  };
  if (profile.confidence === 'low') notes.push('Model architecture guessed from the model name — the real config.json could not be read.');
  const subtotal = Object.values(bytes).reduce((sum, size) => sum + size, 0);
  return memoryEstimate({ ...bytes, cuda_context: CUDA_CONTEXT_BYTES, fragmentation_buffer: subtotal * FRAGMENTATION_FRACTION }, { confidence: profile.confidence, notes });
}

interface LayerSizes {
  query: number;
  keyValue: number;
  intermediate: number;
  /** MLPs of a layer that carry an adapter. */
  mlps: number;
  /** Kept for the backward, bytes a token (bf16). */
  activationBytes: number;
}

function layerSizes({ hiddenSize: h, headCount, kvHeadCount, headSize, intermediateSize, experts }: ModelProfile, isCorrected: (name: TrlCorrection) => boolean): LayerSizes {
  const query = headCount * headSize;
  const keyValue = kvHeadCount * headSize;
  const active = experts && isCorrected('experts') ? experts.perToken * experts.intermediateSize + experts.sharedIntermediateSize : intermediateSize;
  const attentionWidth = isCorrected('head-size') ? 3 * h + 2 * query : 5 * h;
  return {
    query, keyValue,
    intermediate: experts && isCorrected('experts') ? experts.intermediateSize : intermediateSize,
    mlps: experts && isCorrected('experts') ? experts.count : 1,
    activationBytes: 2 * (attentionWidth + 2 * keyValue + 3 * active),
  };
}

/** Of one layer: rank × (in + out) of each module named. Names that no module has count nothing. */
function loraParams({ loraRank, targetModules }: TrlSettings, { query, keyValue, intermediate, mlps }: LayerSizes, h: number): number {
  const mlp = mlps * (h + intermediate);
  const ends: Readonly<Record<string, number>> = {
    q_proj: h + query, k_proj: h + keyValue, v_proj: h + keyValue, o_proj: query + h, gate_proj: mlp, up_proj: mlp, down_proj: mlp,
  };
  const names = targetModules.length === 0 ? SEVEN_PROJECTIONS : targetModules;
  return names.reduce((sum, name) => sum + loraRank * (ends[name] ?? 0), 0);
}

function wholeModules({ modulesToSave }: TrlSettings): number {
  return modulesToSave.filter(name => name === 'embed_tokens' || name === 'lm_head').length;
}
