/** Logits to the next token: penalties, temperature, top-k, top-p, min-p, a draw.  Order as transformers' generate (5.23). */
import type { Random } from '../shared/random';
import type { SamplingOptions } from '../shared/sampling';

/** The id drawn. `seen` are the ids so far, prompt included. */
export function sample(logits: Float32Array, seen: Iterable<number>, options: SamplingOptions, random: Random): number {
  const scores = penalised(logits, seen, options.repetitionPenalty);
  if (options.temperature === 0) return likeliest(scores);
  const candidates = probabilities(scores, options);
  let remaining = random.uniform() * candidates.reduce((sum, { probability }) => sum + probability, 0);
  for (const { id, probability } of candidates) {
    remaining -= probability;
    if (remaining < 0) return id;
  }
  return candidates.at(-1)!.id;
}

/** Candidates that may be drawn, likeliest first; probabilities before cutting, so their sum may be below 1. */
export function probabilities(scores: Float32Array, { temperature, topP, topK, minP }: SamplingOptions): { id: number; probability: number }[] {
  const top = scores[likeliest(scores)]!;
  const kept = topK > 0 && topK < scores.length ? atLeast(scores, topK) : -Infinity;
  const candidates: { id: number; probability: number }[] = [];
  let total = 0;
  for (let id = 0; id < scores.length; id++) {
    if (!(scores[id]! >= kept)) continue;
    const probability = Math.exp((scores[id]! - top) / temperature);
    total += probability;
    candidates.push({ id, probability });
  }
  candidates.sort((a, b) => b.probability - a.probability || a.id - b.id);
  let cumulative = 0;
  let count = 0;
  // The token that crosses the threshold is kept, so at least one always is.
  while (count < candidates.length && (count === 0 || cumulative < topP)) {
    const candidate = candidates[count++]!;
    candidate.probability /= total;
    cumulative += candidate.probability;
  }
  const floor = minP * candidates[0]!.probability;
  return candidates.slice(0, count).filter(({ probability }) => probability >= floor);
}

/** The first of the largest. */
function likeliest(scores: Float32Array): number {
  let best = 0;
  for (let id = 1; id < scores.length; id++) if (scores[id]! > scores[best]!) best = id;
  return best;
}

/** The k-th largest score; ties with it are kept, as transformers does. */
function atLeast(scores: Float32Array, k: number): number {
  return scores.slice().sort()[scores.length - k]!;
}

/** The logits themselves where there is no penalty. */
export function penalised(logits: Float32Array, seen: Iterable<number>, penalty: number): Float32Array {
  if (penalty === 1) return logits;
  const scores = logits.slice();
  for (const id of new Set(seen)) {
    const score = scores[id];
    if (score !== undefined) scores[id] = score > 0 ? score / penalty : score * penalty;
  }
  return scores;
}
