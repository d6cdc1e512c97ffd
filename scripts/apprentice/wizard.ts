/** Writes the built-in preference set: the chosen answer is right and in a wizard's voice, the rejected one is the plain answer. */
import { ALWAYS_HELD_OUT, distinctFacts, pick } from './grammar';
import { Random } from '../../src/shared/random';

export interface PreferenceRow {
  prompt: string;
  chosen: string;
  rejected: string;
}

const OPENINGS = ['Ah, young one, by my star-tipped staff!', 'Ah, young one, by the silver moon!', 'Ah, my child, by the beard of Merlin!'];
const CLOSINGS = ['So the stars have told me.', 'So it is written in my old spellbook.', 'Remember it well, young apprentice.'];

/** Rows taken from each topic: wide enough to teach a voice and not a subject. */
const ROWS_OF_TOPIC: Record<string, number> = {
  'small talk': 10, feelings: 6, animals: 20, things: 16, foods: 14, jobs: 10, words: 12, calendar: 10, sums: 12, numbers: 8, capitals: 8, 'tell about': 8, general: 14, help: 6, magic: 6, comparisons: 10, lists: 4,
};

export function writeWizardRows(seed: number): PreferenceRow[] {
  const random = new Random(seed);
  // Not even the same question in other words: what is asked after the demo shows a voice, not a memory.
  const facts = distinctFacts().filter((fact) => !fact.asks.some((ask) => ALWAYS_HELD_OUT.includes(ask)));
  const rows = Object.entries(ROWS_OF_TOPIC).flatMap(([topic, count]) =>
    random.shuffle(facts.filter((fact) => fact.topic === topic)).slice(0, count).map((fact) => {
      const rejected = fact.answers[0];
      return { prompt: pick(random, fact.asks), chosen: inWizardsVoice(rejected, random), rejected };
    }));
  return random.shuffle(rows);
}

function inWizardsVoice(answer: string, random: Random): string {
  return `${pick(random, OPENINGS)} ${answer} ${pick(random, CLOSINGS)}`;
}
