/** How answers are drawn: the settings, their bounds and their defaults, the same in the command line, the chat and the engine's reader. */

/** transformers' parameters of generate, in its order of use: penalty, temperature, top-k, top-p, min-p. */
export interface SamplingOptions {
  /** 0 takes the likeliest token. */
  readonly temperature: number;
  /** Smallest set of likeliest tokens with at least this probability; 1 is off.  arXiv 1904.09751. */
  readonly topP: number;
  /** So many likeliest tokens; 0 is off. */
  readonly topK: number;
  /** Only tokens at least this share as likely as the likeliest; 0 is off.  arXiv 2407.01082. */
  readonly minP: number;
  /** Divides logits of tokens seen (multiplies negative ones); 1 is off.  arXiv 1909.05858. */
  readonly repetitionPenalty: number;
}

export const DEFAULT_SAMPLING: SamplingOptions = { temperature: 0.7, topP: 0.9, topK: 50, minP: 0, repetitionPenalty: 1 };

/** The likeliest answer, always the same. */
export const GREEDY: SamplingOptions = { temperature: 0, topP: 1, topK: 0, minP: 0, repetitionPenalty: 1 };

/** What a whole answer needs besides. */
export interface AnswerOptions extends SamplingOptions {
  readonly maxNewTokens: number;
  /** The same seed draws the same answer. */
  readonly seed: number;
}

export interface Bounds {
  readonly min: number;
  readonly max: number;
  readonly isInteger: boolean;
}

export const ANSWER_BOUNDS: Readonly<Record<keyof AnswerOptions, Bounds>> = {
  temperature: { min: 0, max: 100, isInteger: false },
  topP: { min: 0, max: 1, isInteger: false },
  topK: { min: 0, max: 1_000_000, isInteger: true },
  minP: { min: 0, max: 1, isInteger: false },
  repetitionPenalty: { min: 0.01, max: 100, isInteger: false },
  maxNewTokens: { min: 1, max: 131_072, isInteger: true },
  seed: { min: 0, max: 2 ** 32 - 1, isInteger: true },
};

export const DEFAULT_ANSWER_TOKENS = 256;
