/** Answers, piece by piece: feeds the prompt, then draws token after token until a stop token or the limit. */
import type { Generator } from '../engine';
import type { Tokenizer } from '../models/tokenizer';
import { Random } from '../shared/random';
import type { AnswerOptions } from '../shared/sampling';
import { IncrementalDecoder } from './incrementalDecoder';
import { sample } from './sample';

export interface GenerationOptions extends AnswerOptions {
  /** Ids that end the answer; they are not part of it. */
  readonly stopIds: ReadonlySet<number>;
  readonly signal?: AbortSignal;
}

/** How an answer ended: a stop token, the limit, or because it was broken off. `tokens`: drawn, the stop token not counted. */
export interface GenerationEnd {
  readonly reason: 'stop' | 'length' | 'aborted';
  readonly tokens: number;
}

/** Text pieces; their concatenation is the answer. The generator keeps the tokens fed, so a later call can go on. */
export async function* generate(
  generator: Pick<Generator, 'next'>, tokenizer: Pick<Tokenizer, 'decode'>, promptIds: readonly number[], options: GenerationOptions,
): AsyncGenerator<string, GenerationEnd, undefined> {
  const random = Random.of(options.seed);
  const decoder = new IncrementalDecoder(tokenizer);
  const seen = [...promptIds];
  let reason: GenerationEnd['reason'] = 'length';
  let logits = await generator.next(promptIds);
  for (;;) {
    const id = sample(logits, seen, options, random);
    if (options.stopIds.has(id)) {
      reason = 'stop';
      break;
    }
    seen.push(id);
    const text = decoder.push(id);
    if (text !== '') yield text;
    if (options.signal?.aborted) {
      reason = 'aborted';
      break;
    }
    if (seen.length - promptIds.length >= options.maxNewTokens) break;
    logits = await generator.next([id]);
  }
  const rest = decoder.end();
  if (rest !== '') yield rest;
  return { reason, tokens: seen.length - promptIds.length };
}
