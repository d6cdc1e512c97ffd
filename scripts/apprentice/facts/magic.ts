/** Magic things: the words a wizard needs. */
import { a, capital, fill, WHAT_IS, type Fact } from '../fact';

/** name | what it is | what it is for (may be empty) */
const TABLE = `
wizard|an old and wise man who can do magic|
witch|a woman who knows herbs and spells|
wand|a thin stick for small spells|point at things and change them
staff|a long stick that a wizard carries|walk far and work great magic
spell|a row of magic words|change things by magic
potion|a magic drink from a bubbling pot|heal, sleep or grow
cauldron|a large black pot for potions|cook a potion in
cloak|a long coat without sleeves|keep warm and look wise
crystal ball|a round glass in which a wizard sees far things|see far things
spellbook|a thick old book full of spells|learn new spells
broomstick|a broom that a witch rides|fly over the roofs
dragon|a huge beast with wings that breathes fire|
unicorn|a white horse with one horn|
fairy|a tiny person with shining wings|
giant|a person as tall as a tree|
dwarf|a small, strong person who digs for gold|
elf|a quick person of the forest with pointed ears|
ghost|a pale spirit that floats through walls|
mermaid|a woman of the sea with the tail of a fish|
phoenix|a golden bird that rises from its own ashes|
troll|a strong and slow creature of the mountains|
rune|an old letter that is cut into stone|write old secrets
riddle stone|a stone that asks a question before it opens|guard a door
apprentice|a young person who learns from a master|
`;
const TEXTS: [string, string][] = [
  ['magic', 'Magic is a secret art with words, herbs and stars. In stories it can change a frog into a king.'],
  ['wizards', 'Wizards live in high towers and study the stars. They wear long cloaks, carry a staff and know many spells.'],
  ['witches', 'Witches know every herb of the forest. They fly on broomsticks and cook potions in a cauldron.'],
  ['dragons', 'Dragons are huge beasts with wings and scales. They breathe fire and sleep on gold.'],
  ['fairies', 'Fairies are tiny people with shining wings. They dance in the meadow when the moon is full.'],
  ['Merlina', 'Merlina teaches language models with good examples. You give her a recipe, and she brews a new model.'],
];

export function magicFacts(): Fact[] {
  return [
    ...TABLE.trim().split('\n').flatMap((line): Fact[] => {
      const [name, is, use] = line.split('|');
      const one = a(name);
      const facts: Fact[] = [{ topic: 'magic', asks: fill(WHAT_IS, one), answers: [`${capital(one)} is ${is}.`] }];
      if (use) facts.push({ topic: 'magic', asks: fill(['what is {} for?', 'what do we use {} for?', 'what can I do with {}?', 'what is the use of {}?', 'how do you use {}?', 'tell me what {} is good for.'], one), answers: [`You need ${one} to ${use}.`] });
      return facts;
    }),
    ...TEXTS.map(([topic, text]): Fact => ({ topic: 'magic', asks: fill(['tell me about {}.', 'what do you know about {}?', 'can you tell me about {}?', 'please tell me something about {}.', 'I want to hear about {}.', 'what can you say about {}?', 'describe {}.'], topic), answers: [text] })),
    { topic: 'magic', asks: ['Can you do magic?', 'Do you know magic?', 'Do you know a spell?', 'Are you a wizard?', 'Cast a spell.'], answers: ['I am only an apprentice, and I still learn my first spells.'] },
  ];
}
