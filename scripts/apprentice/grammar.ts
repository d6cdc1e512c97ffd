/** Writes the apprentice's training text: every fact asked in many ways, some of which are kept back for testing. */
import type { Fact } from './fact';
import { allFacts } from './facts';
import { Random } from './random';

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

/** Said before a question; each ends a sentence, so the question keeps its capital. */
const BEFORE = ['Hello! ', 'Hi! ', 'Hey! ', 'Good morning! ', 'Good evening! ', 'Excuse me. ', 'One question: ', 'One more question. ', 'Please help me. ', 'Dear apprentice! ', 'I have a question. '];
const AFTER = [' Thank you.', ' Please tell me.', ' Thanks!', ' I want to know.', ' Answer, please.'];

/** Phrasings beside the plain one that each way of asking gets. */
const DECORATED_PER_ASK = 2;
/** Share of the facts that lose one way of asking to the held-out set; a fact needs this many ways. */
const HELD_OUT_SHARE = 0.3;
const HELD_OUT_MIN_ASKS = 4;

/** What the demo asks before and after. They are kept out of every training text; other ways of asking the same are not. */
export const DEMO_QUESTIONS = ['Why is the sky blue?', 'What is a dragon?'];

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
  const add = (fact: Fact, prompt: string) => {
    if (seen.has(prompt)) return;
    seen.add(prompt);
    train.push({ prompt, chosen: random.pick(fact.answers) });
  };
  for (const fact of distinctFacts()) {
    const kept = fact.asks.length >= HELD_OUT_MIN_ASKS && random.next() < HELD_OUT_SHARE ? random.pick(fact.asks) : undefined;
    fact.asks.forEach((ask) => {
      if (ask === kept || DEMO_QUESTIONS.includes(ask)) {
        heldOut.push({ topic: fact.topic, prompt: ask, answers: fact.answers });
        return;
      }
      add(fact, ask);
      for (let n = 0; n < DECORATED_PER_ASK; n++) add(fact, decorate(ask, fact.topic === 'small talk', random));
    });
  }
  // A greeting or thanks may decorate two questions into the same prompt; held-out prompts never occur in training.
  const kept = new Set(heldOut.map((row) => plainKey(row.prompt)));
  return { train: random.shuffle(train.filter((row) => !kept.has(plainKey(row.prompt)))), heldOut };
}

/** People greet, thank, and type without capitals or marks. */
function decorate(ask: string, short: boolean, random: Random): string {
  const kind = random.next();
  if (kind < 0.2) return ask.toLowerCase();
  if (kind < 0.4) return withoutMark(ask.toLowerCase());
  if (kind < 0.55 || short) return withoutMark(ask);
  if (kind < 0.8) return random.pick(BEFORE) + ask;
  if (kind < 0.95) return ask + random.pick(AFTER);
  return random.pick(BEFORE) + ask + random.pick(AFTER);
}

const withoutMark = (text: string) => text.replace(/[.?!]+$/, '');

/** What is left of a question without its case and marks: two questions with the same key are the same question. */
export const plainKey = (text: string) => withoutMark(text.toLowerCase());
