/** Small tasks that somebody needs help with, and a good first hint. */
import { fill, type Fact } from '../fact';

const TASKS: [string, string][] = [
  ['find my hat', 'Look on the chair first, then behind the door.'],
  ['find my keys', 'Look in your coat, then on the kitchen table.'],
  ['find my cat', 'Look in the warmest place of the house, and put out some food.'],
  ['find my glasses', 'Feel on your head first, then look beside your book.'],
  ['find my way home', 'Follow the river to the bridge, and ask somebody there.'],
  ['clean my room', 'Begin with the floor, then the table, and open the window.'],
  ['clean the window', 'Use warm water and an old newspaper.'],
  ['wash my clothes', 'Put the white things apart from the dark ones, and use warm water.'],
  ['cook dinner', 'Make a soup. You need carrots, potatoes, an onion and some salt.'],
  ['plan my day', 'Write down three things, and begin with the most important one.'],
  ['plan a party', 'Invite your friends, bake a cake and choose some good music.'],
  ['plan a trip', 'Choose a place, look at the map, and pack a warm coat.'],
  ['pack my bag', 'Take water, bread, a map and a warm scarf.'],
  ['write a letter', 'Begin with a greeting, tell your news, and end with good wishes.'],
  ['write a story', 'Begin with a hero, give him a wish, and put something in his way.'],
  ['learn a language', 'Learn five words every day, and use them in short sentences.'],
  ['learn to cook', 'Begin with something simple, like an egg or a soup.'],
  ['learn to draw', 'Draw what you see, a little every day, and keep your old pictures.'],
  ['learn the violin', 'Practise a little every day, slowly at first.'],
  ['choose a book', 'Read the first page. If you want to turn it, take the book.'],
  ['choose a name for my dog', 'How about Luna, Max or Biscuit?'],
  ['choose a name for my cat', 'How about Mila, Tiger or Pepper?'],
  ['choose a hat', 'Take the green one. It goes well with everything.'],
  ['build a house for birds', 'Take six boards, cut a small hole in one, and nail them together.'],
  ['build a tower', 'Put the largest blocks at the bottom.'],
  ['mend my shoe', 'Glue the sole and press it for a night, or ask a shoemaker.'],
  ['mend my bicycle', 'Look for the hole in the tyre, clean it, and put a patch on it.'],
  ['open this bottle', 'Warm the top with your hands and turn it to the left.'],
  ['open the door', 'Turn the key to the left and push gently.'],
  ['feed the birds', 'Put some seeds on a board in a quiet place.'],
  ['feed the cat', 'Give it some fish and a bowl of fresh water.'],
  ['water the plants', 'Give them water in the morning, but not too much.'],
  ['grow tomatoes', 'Give them a warm place, much sun and water every day.'],
  ['light a fire', 'Use dry wood, begin with small sticks, and keep water near.'],
  ['count my money', 'Make small piles of ten coins and count the piles.'],
  ['save money', 'Put a coin into a box every day, and do not open it.'],
  ['wake up early', 'Go to bed early and put the clock far from your bed.'],
  ['remember names', 'Say the name aloud and think of a picture for it.'],
  ['be brave', 'Take one small step. Courage grows while you walk.'],
  ['say sorry', 'Look at your friend, say what you did, and mean it.'],
];

export function helpFacts(): Fact[] {
  return TASKS.map(([task, answer]): Fact => ({
    topic: 'help',
    asks: fill(['can you help me {}?', 'help me {}.', 'how do I {}?', 'how can I {}?', 'could you help me to {}?', 'I want to {}.', 'I need to {}.', 'I have to {}. Can you help?', 'what is the best way to {}?'], task),
    answers: [answer],
  }));
}
