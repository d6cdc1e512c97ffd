/** Writes the apprentice's training text: every fact asked in many ways, some of which are kept back for testing. */
import type { Fact } from './fact';
import { allFacts } from './facts';
import { Random } from '../../src/shared/random';
import { VOICE_ASKS, VOICES } from './voices';

/** One row of a chat dataset, as `merlina train` reads it. */
export interface ChatRow {
  prompt: string;
  chosen: string;
}

/** A question kept out of training; any of `answers` is right. */
export interface HeldOutRow {
  topic: string;
  prompt: string;
  answers: string[];
}

export interface Corpus {
  train: ChatRow[];
  heldOut: HeldOutRow[];
}

/** Something said before or after a question, and what is said in return: so answers do not always stand first and alone,
 *  and later training may put words around them. */
type Courtesy = [said: string, returned: string];

/** Each ends a sentence, so the question keeps its capital. */
const BEFORE: Courtesy[] = [
  ['Hello! ', 'Hello! '], ['Hi! ', 'Hi! '], ['Hey! ', 'Hello! '], ['Good morning! ', 'Good morning! '], ['Good evening! ', 'Good evening! '], ['Good day! ', 'Good day! '],
  ['Excuse me. ', ''], ['One question: ', ''], ['One more question. ', ''], ['Please help me. ', 'Of course. '], ['I have a question. ', 'Of course. '],
  ['Dear apprentice! ', 'Yes, my friend. '], ['I am glad to see you. ', 'I am glad to see you too. '],
];
const AFTER: Courtesy[] = [
  [' Thank you.', ' You are welcome.'], [' Thanks!', ' You are welcome.'], [' Please tell me.', ''], [' I want to know.', ''], [' Answer, please.', ''],
  [' It is for my friend.', ' Greet your friend from me.'], [' I want to learn.', ' Now you know it.'],
];

/** Phrasings beside the plain one that each way of asking gets: more where a fact shares its pattern with no other. */
const DECORATED_PER_ASK = 2;
const DECORATED_PER_ODD_ASK = 4;
const ODD_TOPICS = new Set(['small talk', 'feelings', 'general', 'tell about', 'training']);
/** Share of the facts that lose one way of asking to the held-out set; a fact needs this many ways.
 *  Small talk loses none: its ways of asking have nothing in common to learn from. */
const HELD_OUT_SHARE = 0.3;
const HELD_OUT_MIN_ASKS = 4;

/** Kept out of every training text, whatever the seed; other ways of asking the same are not. */
export const ALWAYS_HELD_OUT = ['What is the capital of Italy?', 'What is a dragon?'];

/** Facts with every question asked for once: where two facts share a question, the first keeps it. */
export function distinctFacts(): Fact[] {
  const seen = new Set<string>();
  return allFacts().map((fact) => ({
    ...fact,
    asks: fact.asks.filter((ask) => {
      const key = plainKey(ask);
      if (seen.has(key)) return false;
      seen.add(key);
      return true;
    }),
  })).filter((fact) => fact.asks.length > 0);
}

export function writeCorpus(seed: number): Corpus {
  const random = new Random(seed);
  const train: ChatRow[] = [];
  const heldOut: HeldOutRow[] = [];
  const seen = new Set<string>();
  const add = (fact: Fact, { prompt, before = '', after = '' }: Asked) => {
    if (seen.has(prompt)) return;
    seen.add(prompt);
    train.push({ prompt, chosen: before + pick(random, fact.answers) + after });
  };
  for (const fact of distinctFacts()) {
    const canLose = fact.topic !== 'small talk' && fact.asks.length >= HELD_OUT_MIN_ASKS;
    const kept = canLose && random.uniform() < HELD_OUT_SHARE ? pick(random, fact.asks) : undefined;
    fact.asks.forEach((ask) => {
      if (ask === kept || ALWAYS_HELD_OUT.includes(ask)) {
        heldOut.push({ topic: fact.topic, prompt: ask, answers: fact.answers });
        return;
      }
      add(fact, { prompt: ask });
      const isGreeting = fact.topic === 'small talk' && !ask.endsWith('?');
      const count = ODD_TOPICS.has(fact.topic) ? DECORATED_PER_ODD_ASK : DECORATED_PER_ASK;
      for (let n = 0; n < count; n++) add(fact, decorate(ask, isGreeting, random));
    });
  }
  // A greeting or thanks may decorate two questions into the same prompt; held-out prompts never occur in training.
  const kept = new Set(heldOut.map((row) => plainKey(row.prompt)));
  return { train: random.shuffle(train.filter((row) => !kept.has(plainKey(row.prompt)))), heldOut };
}

/** A question as somebody puts it, and what the answer has before and after it for courtesy, or for a voice that was asked for. */
interface Asked {
  prompt: string;
  before?: string;
  after?: string;
}

/** People greet, thank, ask for a voice, and type without capitals or marks. */
function decorate(ask: string, isGreeting: boolean, random: Random): Asked {
  const kind = random.uniform();
  if (kind < 0.15) return { prompt: ask.toLowerCase() };
  if (kind < 0.3) return { prompt: withoutMark(ask.toLowerCase()) };
  if (kind < 0.4 || isGreeting) return { prompt: withoutMark(ask) };
  if (kind > 0.84) {
    const voice = pick(random, VOICES);
    return { prompt: pick(random, VOICE_ASKS)(voice.name, ask), before: `${pick(random, voice.openings)} `, after: ` ${pick(random, voice.closings)}` };
  }
  const [greeting, before] = kind < 0.7 ? pick(random, BEFORE) : ['', ''];
  const [thanks, after] = kind < 0.6 ? ['', ''] : pick(random, AFTER);
  return { prompt: greeting + ask + thanks, before, after };
}

const withoutMark = (text: string) => text.replace(/[\s.?!]+$/, '');

/** What is left of a question without its case and marks: two questions with the same key are the same question. */
export const plainKey = (text: string) => withoutMark(text.toLowerCase());

export const pick = <T>(random: Random, items: readonly T[]): T => items[random.integer(items.length)];
