/** Which optimizer a recipe's `optimizer_type` means: bitsandbytes' names fall on the nearest one that this engine has. */
import { adafactor } from './adafactor';
import { adamw } from './adamw';
import { lion } from './lion';
import { muon } from './muon';
import type { OptimizerKind } from './optimizer';
import { sgd } from './sgd';

/** One place to add: an optimizer is its file and a line here. */
export const OPTIMIZERS: readonly OptimizerKind[] = [adamw, adafactor, sgd, lion, muon];

/** Exact names of the same arithmetic elsewhere (transformers' OptimizerNames). */
const SAME: Readonly<Record<string, OptimizerKind>> = {
  adamw, adamw_torch: adamw, adamw_hf: adamw, adamw_torch_fused: adamw, adafactor, sgd, muon, lion, lion_32bit: lion,
};

/** Names whose storage this engine does not have: state of 8 bits, or paged between devices. */
const NEAREST: Readonly<Record<string, OptimizerKind>> = {
  adamw_8bit: adamw, adamw_bnb_8bit: adamw, paged_adamw: adamw, paged_adamw_8bit: adamw, paged_adamw_32bit: adamw,
  lion_8bit: lion, paged_lion: lion, paged_lion_8bit: lion, paged_lion_32bit: lion,
};

/** Every `optimizer_type` that is understood. */
export const OPTIMIZER_NAMES: readonly string[] = [...Object.keys(SAME), ...Object.keys(NEAREST)];

/** The optimizer of a recipe name and, where it is only the nearest one, a sentence for the log. Undefined for an unknown name. */
export function findOptimizer(name: string): { kind: OptimizerKind; note?: string } | undefined {
  const exact = SAME[name];
  if (exact) return { kind: exact };
  const kind = NEAREST[name];
  return kind && { kind, note: `optimizer_type "${name}" runs as ${kind.title} with float32 state in memory (neither 8-bit nor paged).` };
}
