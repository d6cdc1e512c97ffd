/** Which tokens end an answer: what the model's own files say, and the turn ends of known chat formats. */
import type { ModelSource } from '../models/source';
import type { Tokenizer } from '../models/tokenizer';

/** Special tokens that close a turn; a tokenizer that lacks one is not affected. */
const TURN_ENDS = ['<|im_end|>', '<|eot_id|>', '<end_of_turn>', '<|end|>', '<|endoftext|>', '<|end_of_text|>', '</s>'];

export function stopIdsOf(model: Pick<ModelSource, 'config' | 'generationConfig'>, tokenizer: Tokenizer): Set<number> {
  const stated = [model.generationConfig?.eos_token_id, model.config.eos_token_id].flat().filter(id => typeof id === 'number');
  const known = TURN_ENDS.flatMap(token => tokenizer.idOf(token) ?? []).filter(id => tokenizer.isSpecial(id));
  return new Set([...stated, ...known, ...(tokenizer.eos ? [tokenizer.eos.id] : [])]);
}
