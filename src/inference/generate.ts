/** Answers, piece by piece: feeds the prompt, then draws token after token until a stop token or the limit. */
import type { Generator } from '../engine';
import type { Tokenizer } from '../models/tokenizer';
import { Random } from '../shared/random';
import { IncrementalDecoder } from './incrementalDecoder';
import { sample } from './sample';
import type { SamplingOptions } from './sample';

export interface GenerationOptions extends SamplingOptions {
  readonly maxNewTokens: number;
  readonly seed: number;
  /** Ids that end the answer; they are not part of it. */
  readonly stopIds: ReadonlySet<number>;
  readonly signal?: AbortSignal;
}

/** Text pieces; their concatenation is the answer. The generator keeps the tokens fed, so a later call can go on. */
export async function* generate(
  generator: Pick<Generator, 'next'>, tokenizer: Pick<Tokenizer, 'decode'>, promptIds: readonly number[], options: GenerationOptions,
): AsyncGenerator<string, void, undefined> {
  const random = Random.of(options.seed);
  const decoder = new IncrementalDecoder(tokenizer);
  const seen = [...promptIds];
  let logits = await generator.next(promptIds);
  for (let count = 1; count <= options.maxNewTokens; count++) {
    const id = sample(logits, seen, options, random);
    if (options.stopIds.has(id)) break;
    seen.push(id);
    const text = decoder.push(id);
    if (text !== '') yield text;
    if (options.signal?.aborted || count === options.maxNewTokens) break;
    logits = await generator.next([id]);
  }
  const rest = decoder.end();
  if (rest !== '') yield rest;
}
