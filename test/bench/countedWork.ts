/** Floating-point work of a training step on a pair, as it is counted whoever does it: what the mathematics needs, not what a program does.
 *  4 a frozen linear weight and token (forward, and gradient of the input), 6 a LoRA weight, attention over causal pairs of tokens (forward 4, backward 8
 *  a pair and head entry), 4·D·V a label; a prompt counts once for both responses. */
import { linearModules, type DecoderSpec } from '../../src/shared/decoderSpec';

export interface PairLengths { prompt: number; chosen: number; rejected: number }

export function countedWork(spec: DecoderSpec, rank: number, { prompt, chosen, rejected }: PairLengths): number {
  const refs = linearModules(spec);
  const frozen = refs.reduce((sum, { inFeatures, outFeatures }) => sum + inFeatures * outFeatures, 0);
  const lora = refs.reduce((sum, { inFeatures, outFeatures }) => sum + rank * (inFeatures + outFeatures), 0);
  const causal = (own: number, before: number): number => own * (before + (own + 1) / 2);
  const pairs = causal(prompt, 0) + causal(chosen, prompt) + causal(rejected, prompt);
  const labels = prompt - 1 + chosen + rejected;
  return (prompt + chosen + rejected) * (4 * frozen + 6 * lora)
    + 12 * spec.headCount * spec.headSize * spec.layers.length * pairs
    + 4 * spec.hiddenSize * spec.vocabSize * labels;
}
