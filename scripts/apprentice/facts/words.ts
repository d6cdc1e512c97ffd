/** Words: opposites, plurals, and the letters in their order. */
import { fill, type Fact } from '../fact';

const OPPOSITES = 'big small,hot cold,old young,fast slow,happy sad,light dark,high low,long short,wet dry,full empty,open closed,hard soft,loud quiet,early late,rich poor,strong weak,thick thin,clean dirty,near far,up down,left right,day night,summer winter,good bad,true false,first last,wide narrow,deep shallow,sharp blunt,sweet sour,brave afraid,awake asleep,friend enemy,love hate,give take,come go,start stop,laugh cry,win lose,buy sell,push pull,inside outside,above below,before after,always never,more less,yes no,black white,north south,east west,question answer,same different,easy difficult,safe dangerous,rough smooth,alive dead,begin end,find hide,remember forget,float sink,arrive leave,city village,morning evening,sunrise sunset,wise foolish,polite rude,kind cruel,beautiful ugly,lazy busy,lucky unlucky'
  .split(',').map((pair) => pair.split(' '));

const PLURALS = 'cat cats,dog dogs,book books,tree trees,box boxes,bus buses,dish dishes,fox foxes,mouse mice,goose geese,foot feet,tooth teeth,man men,woman women,child children,person people,sheep sheep,fish fish,deer deer,leaf leaves,wolf wolves,knife knives,wife wives,loaf loaves,shelf shelves,baby babies,city cities,lady ladies,story stories,berry berries,key keys,day days,boy boys,toy toys,potato potatoes,tomato tomatoes,hero heroes,piano pianos,wish wishes,witch witches'
  .split(',').map((pair) => pair.split(' '));

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';

export function wordFacts(): Fact[] {
  const opposites = OPPOSITES.flatMap(([x, y]) => [[x, y], [y, x]]);
  return [
    ...opposites.map(([x, y]): Fact => ({
      topic: 'words',
      asks: fill(['what is the opposite of {}?', 'tell me the opposite of {}.', 'what is the opposite of "{}"?', 'give me the opposite of {}.', 'which word is the opposite of {}?', 'do you know the opposite of {}?', 'opposite of {}?', 'what word means the opposite of {}?'], x),
      answers: [`The opposite of ${x} is ${y}.`],
    })),
    ...PLURALS.map(([one, many]): Fact => ({
      topic: 'words',
      asks: fill(['what is the plural of {}?', 'tell me the plural of {}.', 'what do you call more than one {}?', 'which word is the plural of {}?', 'do you know the plural of {}?', 'one {}, two what?'], one),
      answers: [`The plural of ${one} is ${many}.`],
    })),
    ...[...LETTERS].slice(0, -1).map((letter, i): Fact => ({
      topic: 'words',
      asks: fill(['which letter comes after {}?', 'what letter follows {}?', 'what is the letter after {}?', 'tell me the letter after {}.', 'what comes after the letter {}?', 'what is the next letter after {}?'], letter),
      answers: [`The letter after ${letter} is ${LETTERS[i + 1]}.`],
    })),
    ...[...LETTERS].slice(1).map((letter, i): Fact => ({
      topic: 'words',
      asks: fill(['which letter comes before {}?', 'what is the letter before {}?', 'tell me the letter before {}.', 'what comes before the letter {}?'], letter),
      answers: [`The letter before ${letter} is ${LETTERS[i]}.`],
    })),
  ];
}
