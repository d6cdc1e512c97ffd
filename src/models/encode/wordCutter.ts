/** Text to the words that a BPE model merges within: the library's pre-tokenizers, short of spelling bytes as characters. */
import { ByteLevelPreTokenizer, SequencePreTokenizer, SplitPreTokenizer } from '@huggingface/tokenizers';
import type { BPE, PreTokenizer } from '@huggingface/tokenizers';

export interface WordCutter {
  /** `section`: which section of the text it is, from 0 (some tokenizers put a space in front of the first only). */
  cut(text: string, section: number): string[];
  /** The word as the model's vocabulary spells it. */
  spell(word: string): string;
}

type Step = (text: string, section: number) => string[];

/** Undefined where words cannot be told apart before they are spelled. */
export function wordCutter(preTokenizer: PreTokenizer | null, model: BPE): WordCutter | undefined {
  const parts = stepsOf(preTokenizer);
  const last = parts.at(-1);
  if (last instanceof ByteLevelPreTokenizer) {
    if (last.add_prefix_space || parts.slice(0, -1).some(part => part instanceof ByteLevelPreTokenizer)) return undefined;
    const bytes = new ByteLevelPreTokenizer({ type: 'ByteLevel', add_prefix_space: false, trim_offsets: false, use_regex: false });
    const split: Step[] = last.use_regex ? [text => isolate(text, last.pattern)] : [];
    return { cut: chain([...parts.slice(0, -1).map(stepOf), ...split]), spell: word => bytes.pre_tokenize_text(word)[0] ?? '' };
  }
  const mergesDecide = !model.ignore_merges && !model.end_of_word_suffix && !model.continuing_subword_suffix;
  if (parts.some(part => part instanceof ByteLevelPreTokenizer) || !mergesDecide) return undefined;
  const joinedChars = joinedWithSpace(model.merges);
  return { cut: chain([...parts.map(stepOf), text => cutBeforeSpaces(text, joinedChars)]), spell: word => word };
}

/** SentencePiece's space. */
const SPACE = '▁';

function stepsOf(preTokenizer: PreTokenizer | null): PreTokenizer[] {
  if (preTokenizer === null) return [];
  return preTokenizer instanceof SequencePreTokenizer ? preTokenizer.tokenizers.flatMap(stepsOf) : [preTokenizer];
}

function stepOf(part: PreTokenizer): Step {
  const pattern = part instanceof SplitPreTokenizer && !part.config.invert && part.config.behavior?.toLowerCase() !== 'removed' ? part.pattern : null;
  return pattern ? text => isolate(text, pattern) : (text, section) => part.pre_tokenize(text, { section_index: section });
}

function chain(steps: readonly Step[]): Step {
  const [first, ...rest] = steps;
  if (!first) return text => [text];
  return (text, section) => rest.reduce((words, step) => (words.length === 1 ? step(words[0]!, section) : words.flatMap(word => step(word, section))), first(text, section));
}

/** Matches and what lies between them. Where the matches are the whole text, as with most tokenizers, `match` alone is twice as fast. */
function isolate(text: string, pattern: RegExp): string[] {
  const matches: string[] = text.match(pattern) ?? [];
  if (matches.reduce((sum, { length }) => sum + length, 0) === text.length && !matches.includes('')) return matches;
  const words: string[] = [];
  let from = 0;
  for (const { 0: match, index } of text.matchAll(pattern)) {
    if (index > from) words.push(text.slice(from, index));
    if (match !== '') words.push(match);
    from = index + match.length;
  }
  if (from < text.length) words.push(text.slice(from));
  return words;
}

/**
 * Cuts before a space where no merge can join it to what precedes it, so that words can be encoded one by one although the model is given
 * the whole text: "a▁b▁▁c" → "a", "▁b", "▁▁c". `joined` holds the characters that some merge joins with a following space: the space
 * itself, and in Gemma's vocabulary ">" ("> </").
 */
function cutBeforeSpaces(text: string, joined: ReadonlySet<string>): string[] {
  const words: string[] = [];
  let from = 0;
  for (let at = text.indexOf(SPACE, 1); at >= 0; at = text.indexOf(SPACE, at + 1)) {
    if (joined.has(text[at - 1]!)) continue;
    words.push(text.slice(from, at));
    from = at;
  }
  words.push(text.slice(from));
  return words;
}

/** Last UTF-16 units of what merges join with a space after it. */
function joinedWithSpace(merges: readonly (readonly [string, string])[]): Set<string> {
  return new Set([SPACE, ...merges.filter(([, right]) => right.startsWith(SPACE)).map(([left]) => left.at(-1)!)]);
}
