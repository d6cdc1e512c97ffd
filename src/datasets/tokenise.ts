/** Formatted text to token ids: prompt and response are encoded together and then parted, as TRL does. */
import type { Tokenizer } from '../models';
import type { FormattedRow } from './rows';

/** Ends of a turn that templates write; those that are tokens of the model's count as stops. */
const TURN_ENDS = ['<|im_end|>', '<|eot_id|>', '<end_of_turn>', '<turn|>', '<|end|>', '<|endoftext|>', '<|end_of_text|>', '<|end_of_turn|>', '</s>', '<eos>', '<｜end▁of▁sentence｜>'];

/** How a model's responses end. */
export interface Stops {
  /** Texts, longest first, that are one control token each. */
  texts: string[];
  ids: ReadonlySet<number>;
  /** Put after a response that has none; undefined where the model has no EOS. */
  eos: { id: number; text: string } | undefined;
}

export function stopsOf(tokenizer: Tokenizer, formatterStop: string | undefined): Stops {
  const candidates = [tokenizer.eos?.text, formatterStop, ...TURN_ENDS].filter(text => text !== undefined);
  const found = new Map(candidates.flatMap(text => {
    const id = tokenizer.idOf(text);
    return id === undefined || (!tokenizer.isSpecial(id) && id !== tokenizer.eos?.id) ? [] : [[text, id] as const];
  }));
  return { texts: [...found.keys()].sort((a, b) => b.length - a.length), ids: new Set(found.values()), eos: tokenizer.eos };
}

/** Nothing after the stop token is learnt (ChatML's newline); a response that ends otherwise is left as it is. */
export function cutAfterStop(response: string, stops: Stops): string {
  const end = response.trimEnd();
  return stops.texts.some(text => end.endsWith(text)) ? end : response;
}

export interface TokenisedText {
  prompt: number[];
  response: number[];
}

/**
 * Ids of prompt + response, parted where the prompt ends. If the last token of the prompt melts into the response, the cut lies before it.
 * Source: build_tokenized_answer of trl 1.16 (ORPO); the BOS and the stop token as there, but the BOS only where the tokenizer adds one
 * by itself (TRL puts it in front of any text that lacks it), and no second stop token where one already ends the text.
 * `alone` is the prompt encoded by itself.
 */
export function tokeniseResponse(prompt: string, response: string, tokenizer: Tokenizer, stops: Stops, alone = tokenizer.encode(prompt)): TokenisedText {
  const whole = tokenizer.encode(prompt + cutAfterStop(response, stops));
  const cut = firstDifference(alone, whole, Math.min(alone.length, whole.length));
  const ids = { prompt: whole.slice(0, cut), response: whole.slice(cut) };
  const last = ids.response[ids.response.length - 1];
  if (stops.eos && (last === undefined || !stops.ids.has(last))) ids.response.push(stops.eos.id);
  return ids;
}

/** The longest beginning, up to `limit`, that both have. */
function firstDifference(a: readonly number[], b: readonly number[], limit: number): number {
  let at = 0;
  while (at < limit && a[at] === b[at]) at++;
  return at;
}

export interface TokenisedPair {
  prompt: number[];
  chosen: number[];
  rejected: number[];
}

/** One prompt for both responses: where they part differently, at the earlier place (TRL masks that one token in one of the two). */
export function tokenisePair({ prompt, chosen, rejected }: FormattedRow, tokenizer: Tokenizer, stops: Stops): TokenisedPair {
  const alone = tokenizer.encode(prompt);
  const good = tokeniseResponse(prompt, chosen, tokenizer, stops, alone);
  const bad = tokeniseResponse(prompt, rejected, tokenizer, stops, alone);
  const shared = firstDifference(good.prompt, bad.prompt, Math.min(good.prompt.length, bad.prompt.length));
  return {
    prompt: withBos(good.prompt.slice(0, shared), tokenizer),
    chosen: [...good.prompt.slice(shared), ...good.response],
    rejected: [...bad.prompt.slice(shared), ...bad.response],
  };
}

/** Exactly one BOS where the tokenizer wants one: templates write their own. */
export function withBos(prompt: number[], tokenizer: Tokenizer): number[] {
  return tokenizer.addsBos && tokenizer.bos && prompt[0] !== tokenizer.bos.id ? [tokenizer.bos.id, ...prompt] : prompt;
}
