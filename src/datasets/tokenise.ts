/** Formatted text to token ids: prompt and response are encoded together and then parted, as TRL does. */
import type { TextRange, Tokenizer } from '../models';
import type { FormattedRow } from './rows';
import { TURN_ENDS } from './turnEnds';

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

/** Ids of a conversation from its first answer on, with those that an answer covers. */
export interface TokenisedConversation extends TokenisedText {
  /** Of each token of `response`. */
  isAnswer: boolean[];
}

/**
 * A conversation with several answers: `prompt` is what stands before the first, `response` all the rest. A token that reaches into an answer
 * belongs to it, as in transformers' return_assistant_tokens_mask. The stop token as in tokeniseResponse.
 */
export function tokeniseConversation({ prompt, chosen }: FormattedRow, answers: readonly TextRange[], tokenizer: Tokenizer, stops: Stops): TokenisedConversation {
  const end = Math.max(prompt.length + cutAfterStop(chosen, stops).length, answers.at(-1)?.end ?? 0);
  const text = (prompt + chosen).slice(0, end);
  const bounds = [...new Set(answers.flatMap(({ start, end: stop }) => [start, stop]))].sort((a, b) => a - b);
  const { ids, places } = encodeWithPlaces(text, bounds, tokenizer);
  const isAnswer = new Array<boolean>(ids.length).fill(false);
  for (const answer of answers) isAnswer.fill(true, places.get(answer.start)!.from, places.get(answer.end)!.to);
  if (stops.eos && !stops.ids.has(ids.at(-1)!)) {
    ids.push(stops.eos.id);
    isAnswer.push(true);
  }
  const first = isAnswer.indexOf(true);
  const cut = first < 0 ? ids.length : first;
  return { prompt: ids.slice(0, cut), response: ids.slice(cut), isAnswer: isAnswer.slice(cut) };
}

/** Where the tokens of some places in a text are: `from` is the first token that reaches past the place, `to` the first that begins at or after it. */
function encodeWithPlaces(text: string, bounds: readonly number[], tokenizer: Tokenizer): { ids: number[]; places: Map<number, { from: number; to: number }> } {
  const ids = tokenizer.encode(text);
  const edges = [0, ...bounds, text.length];
  const pieces = edges.slice(1).map((edge, i) => tokenizer.encode(text.slice(edges[i], edge)));
  const places = new Map<number, { from: number; to: number }>();
  const joined = pieces.flat();
  if (joined.length === ids.length && firstDifference(joined, ids, ids.length) === ids.length) {
    let at = 0;
    for (const [i, edge] of edges.entries()) {
      at += i === 0 ? 0 : pieces[i - 1]!.length;
      places.set(edge, { from: at, to: at });
    }
    return { ids, places };
  }
  // Tokens melt across a bound, or the tokenizer begins each text with a mark of its own: then the text up to each bound is encoded.
  for (const bound of bounds) {
    const before = tokenizer.encode(text.slice(0, bound));
    const from = firstDifference(before, ids, Math.min(before.length, ids.length));
    let to = from;
    while (from < before.length && to < ids.length && tokenizer.decode(ids.slice(0, to)).length < bound) to++;
    places.set(bound, { from, to });
  }
  return { ids, places };
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
    prompt: good.prompt.slice(0, shared),
    chosen: [...good.prompt.slice(shared), ...good.response],
    rejected: [...bad.prompt.slice(shared), ...bad.response],
  };
}

/** Exactly one BOS where the tokenizer wants one and the text has none. */
export function withBos(prompt: number[], tokenizer: Tokenizer): number[] {
  return tokenizer.addsBos && tokenizer.bos && prompt[0] !== tokenizer.bos.id ? [tokenizer.bos.id, ...prompt] : prompt;
}
