/** Sizes, yes-or-no questions and lists. */
import { a, capital, type Fact } from '../fact';

/** From the smallest on; two of one group are not compared. */
const BY_SIZE = [['ant'], ['bee', 'snail'], ['mouse', 'frog'], ['squirrel', 'hedgehog'], ['cat', 'hen', 'rabbit'], ['fox', 'goose'], ['dog', 'goat'], ['wolf', 'sheep'], ['lion', 'bear'], ['cow', 'horse'], ['giraffe', 'elephant'], ['whale']];

/** Who can do what; everybody else of the row cannot. */
const ABILITIES: [verb: string, can: string[], cannot: string[]][] = [
  ['fly', ['owl', 'crow', 'eagle', 'bee', 'butterfly', 'bat', 'duck', 'swan', 'parrot', 'robin'], ['dog', 'cow', 'fish', 'snail', 'penguin', 'elephant', 'snake', 'cat', 'horse', 'frog', 'bear', 'sheep']],
  ['swim', ['duck', 'fish', 'whale', 'dolphin', 'swan', 'frog', 'penguin', 'shark', 'turtle', 'crocodile', 'dog'], ['hen', 'bee', 'butterfly', 'snail', 'spider']],
  ['climb trees', ['squirrel', 'monkey', 'cat', 'bear'], ['cow', 'horse', 'fish', 'duck', 'sheep', 'elephant', 'whale']],
];
/** Yes or no about colours and kinds: subject, what it is, what it is not. */
const IS: [subject: string, is: string, not: string][] = [
  ['snow', 'white', 'black'], ['grass', 'green', 'blue'], ['the sun', 'hot', 'cold'], ['ice', 'cold', 'hot'], ['fire', 'hot', 'cold'], ['honey', 'sweet', 'salty'], ['sugar', 'sweet', 'bitter'], ['a lemon', 'sour', 'salty'],
  ['coal', 'black', 'white'], ['a feather', 'light', 'heavy'], ['a stone', 'hard', 'soft'], ['a pillow', 'soft', 'hard'], ['water', 'wet', 'dry'], ['the desert', 'dry', 'wet'], ['a snail', 'slow', 'fast'], ['a hare', 'fast', 'slow'],
  ['an elephant', 'big', 'small'], ['an ant', 'small', 'big'], ['a giraffe', 'tall', 'short'], ['a knife', 'sharp', 'round'], ['a ball', 'round', 'flat'], ['a carrot', 'orange', 'blue'], ['a banana', 'yellow', 'red'], ['a strawberry', 'red', 'green'],
  ['milk', 'white', 'green'], ['the night', 'dark', 'bright'], ['the day', 'bright', 'dark'], ['a lion', 'strong', 'weak'], ['thunder', 'loud', 'quiet'], ['glass', 'clear', 'soft'], ['gold', 'heavy', 'light'], ['the sea', 'deep', 'dry'],
];
const LISTS: [string, string[]][] = [
  ['animals', ['a dog', 'a cat', 'a horse']], ['wild animals', ['a wolf', 'a bear', 'a lion']], ['farm animals', ['a cow', 'a pig', 'a hen']], ['birds', ['an owl', 'a crow', 'a robin']], ['insects', ['a bee', 'an ant', 'a butterfly']], ['fruits', ['an apple', 'a pear', 'a plum']],
  ['vegetables', ['a carrot', 'a potato', 'an onion']], ['colours', ['red', 'blue', 'green']], ['flowers', ['a rose', 'a tulip', 'a daisy']], ['tools', ['a hammer', 'a saw', 'a needle']], ['countries', ['France', 'Japan', 'Kenya']], ['cities', ['Paris', 'Rome', 'London']],
  ['planets', ['Mars', 'Venus', 'Jupiter']], ['drinks', ['water', 'tea', 'milk']], ['clothes', ['a coat', 'a hat', 'a scarf']], ['instruments', ['a drum', 'a flute', 'a violin']], ['vehicles', ['a car', 'a train', 'a bus']], ['rooms', ['a kitchen', 'a bedroom', 'a bathroom']],
  ['jobs', ['a baker', 'a teacher', 'a farmer']], ['games', ['chess', 'cards', 'football']], ['months', ['January', 'May', 'October']], ['shapes', ['a circle', 'a square', 'a triangle']], ['trees', ['an oak', 'a birch', 'a pine']], ['metals', ['gold', 'iron', 'silver']],
];

export function comparisonFacts(): Fact[] {
  const sizes: Fact[] = [];
  BY_SIZE.forEach((smalls, i) => BY_SIZE.slice(i + 1).forEach((larges, j) => smalls.forEach((small, k) => larges.forEach((large, l) => {
    // About half of the pairs; the rest is left for the model to infer.
    if ((i + 2 * j + k + l) % 2) return;
    const [x, y] = (i + j + l) % 2 ? [small, large] : [large, small];
    sizes.push({ topic: 'comparisons', asks: [`Which is bigger, ${a(x)} or ${a(y)}?`, `What is larger, ${a(x)} or ${a(y)}?`, `Is ${a(x)} bigger than ${a(y)}, or the other way round?`, `Who is bigger, ${a(x)} or ${a(y)}?`, `Tell me which is larger, ${a(x)} or ${a(y)}.`], answers: [`${capital(a(large))} is bigger than ${a(small)}.`] });
  }))));
  return [
    ...sizes,
    ...ABILITIES.flatMap(([verb, can, cannot]) => [...can, ...cannot].map((name): Fact => ({
      topic: 'comparisons',
      asks: [`Can ${a(name)} ${verb}?`, `Is ${a(name)} able to ${verb}?`, `Do you know if ${a(name)} can ${verb}?`, `Tell me if ${a(name)} can ${verb}.`],
      answers: [can.includes(name) ? `Yes, ${a(name)} can ${verb}.` : `No, ${a(name)} cannot ${verb}.`],
    }))),
    ...IS.flatMap(([subject, is, not]): Fact[] => [
      { topic: 'comparisons', asks: [`Is ${subject} ${is}?`, `Is it true that ${subject} is ${is}?`, `Tell me if ${subject} is ${is}.`], answers: [`Yes, ${subject} is ${is}.`] },
      { topic: 'comparisons', asks: [`Is ${subject} ${not}?`, `Is it true that ${subject} is ${not}?`, `Tell me if ${subject} is ${not}.`], answers: [`No, ${subject} is ${is}.`] },
      { topic: 'comparisons', asks: [`Is ${subject} ${is} or ${not}?`, `Is ${subject} ${not} or ${is}?`], answers: [`${capital(subject)} is ${is}.`] },
    ]),
    ...LISTS.map(([kind, items]): Fact => ({ topic: 'lists', asks: [`Name three ${kind}.`, `Tell me three ${kind}.`, `Can you name three ${kind}?`, `Give me three ${kind}.`, `Which ${kind} do you know?`, `List three ${kind}.`, `Name some ${kind}.`], answers: [`Three ${kind} are ${items[0]}, ${items[1]} and ${items[2]}.`] })),
  ];
}
