/** Options that say how answers are drawn: the same for `merlina generate` and `merlina chat`. */
import { ANSWER_BOUNDS, DEFAULT_ANSWER_TOKENS, DEFAULT_SAMPLING } from '../shared/sampling';
import type { AnswerOptions } from '../shared/sampling';
import { numberOption } from './arguments';

export const ANSWER_HELP = `  --max-new-tokens N       At most so many tokens (256).
  --temperature T          0 always takes the likeliest token (0.7).
  --top-p P                Draw from the likeliest tokens that make up P (0.9; 1 is off).
  --top-k K                Draw from the K likeliest tokens (50; 0 is off).
  --min-p P                Draw from tokens at least P times as likely as the likeliest (0 is off).
  --repetition-penalty R   Make tokens seen less likely (1 is off).
  --seed N                 The same seed draws the same answer (0).
  --threads N              Processor threads; all where not given.`;

export const ANSWER_ARGUMENTS = {
  'max-new-tokens': { type: 'string' },
  temperature: { type: 'string' },
  'top-p': { type: 'string' },
  'top-k': { type: 'string' },
  'min-p': { type: 'string' },
  'repetition-penalty': { type: 'string' },
  seed: { type: 'string' },
  threads: { type: 'string' },
} as const;

type AnswerValues = Partial<Record<keyof typeof ANSWER_ARGUMENTS, string>>;

const THREAD_BOUNDS = { min: 1, max: 1024, isInteger: true };

/** Throws ProblemError for a value out of bounds. */
export function answerOptions(values: AnswerValues): AnswerOptions {
  const read = (name: keyof AnswerValues, key: keyof AnswerOptions, fallback: number): number => numberOption(values[name], name, fallback, ANSWER_BOUNDS[key]);
  return {
    maxNewTokens: read('max-new-tokens', 'maxNewTokens', DEFAULT_ANSWER_TOKENS),
    temperature: read('temperature', 'temperature', DEFAULT_SAMPLING.temperature),
    topP: read('top-p', 'topP', DEFAULT_SAMPLING.topP),
    topK: read('top-k', 'topK', DEFAULT_SAMPLING.topK),
    minP: read('min-p', 'minP', DEFAULT_SAMPLING.minP),
    repetitionPenalty: read('repetition-penalty', 'repetitionPenalty', DEFAULT_SAMPLING.repetitionPenalty),
    seed: read('seed', 'seed', 0),
  };
}

export function threadsOption({ threads }: AnswerValues): { threads?: number } {
  return threads === undefined ? {} : { threads: numberOption(threads, 'threads', 1, THREAD_BOUNDS) };
}
