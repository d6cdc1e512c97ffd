/** The door of facts/: everything the apprentice is taught, in a fixed order. */
import type { Fact } from '../fact';
import { animalFacts } from './animals';
import { calendarFacts } from './calendar';
import { capitalFacts } from './capitals';
import { comparisonFacts } from './comparisons';
import { foodFacts } from './foods';
import { generalFacts } from './general';
import { helpFacts } from './help';
import { jobFacts } from './jobs';
import { magicFacts } from './magic';
import { natureFacts } from './nature';
import { numberFacts } from './numbers';
import { smallTalkFacts } from './smallTalk';
import { storyFacts } from './stories';
import { thingFacts } from './things';
import { trainingFacts } from './training';
import { wordFacts } from './words';

export function allFacts(): Fact[] {
  return [
    ...smallTalkFacts(), ...animalFacts(), ...thingFacts(), ...foodFacts(), ...jobFacts(), ...wordFacts(), ...calendarFacts(), ...numberFacts(),
    ...capitalFacts(), ...natureFacts(), ...generalFacts(), ...helpFacts(), ...storyFacts(), ...magicFacts(), ...trainingFacts(), ...comparisonFacts(),
  ];
}
