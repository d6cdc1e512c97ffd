/** Stories of three sentences: a hero, what went wrong, and how it ended. One story a hero, so that it can be learnt. */
import { a, capital, fill, type Fact } from '../fact';

/** hero | where he lives | trouble | helper | end */
const TABLE = `
fox|in the dark forest|could not find its way home|owl|They walked together under the moon until they saw the little house
cat|in a small shop|lost its red ball|mouse|They found it behind the flour and played until evening
dog|on a farm|was afraid of thunder|goose|They sat close together until the storm was over
bear|in a deep cave|could not fall asleep|bird|It sang a soft song, and soon the bear was dreaming
owl|in an old tower|could not read in the dark|glow-worm|It sat on the book and gave its light, page after page
mouse|under the stairs|wanted to see the sea|gull|It flew with the mouse to the coast, and they watched the waves
rabbit|in a green meadow|could not open the garden door|goat|It pushed with its horns, and they shared the carrots
wolf|in the mountains|had no friends|sheep|They talked all night and were friends from that day
lion|in a hot land|had a thorn in its foot|mouse|It pulled the thorn out, and the lion never forgot it
horse|on a hill|could not cross the river|beaver|It built a bridge of branches, and the horse walked over
duck|on a round pond|had lost one of its ducklings|frog|They looked in the tall grass and found it asleep
hedgehog|in a quiet garden|wanted to touch a balloon|snail|It held the string, and the hedgehog laughed with joy
squirrel|in a tall tree|had forgotten where its nuts were|crow|It remembered the place, and they ate the nuts together
frog|near a pond|wanted to be a king|princess|She gave the frog a paper crown, and that was enough
knight|in a stone castle|had lost his sword|dragon|It brought the sword back and asked for a cup of tea
dragon|on a high mountain|could not make fire|baker|He gave the dragon pepper, and it lit the oven with one breath
witch|in a crooked house|had no more magic|child|It told her a joke, and with her laugh the magic came back
wizard|in a tall tower|could not find his hat|cat|It was asleep in the hat, and the wizard let it sleep
princess|in a white castle|was bored all day|gardener|He showed her how to plant beans, and she was never bored again
king|in a golden hall|could not laugh|clown|He fell into the soup, and the king laughed until he cried
queen|on an island|wanted to know the stars|sailor|He taught her their names, and she ruled by night and by day
sailor|on a small ship|saw no land for ten days|whale|It swam ahead and showed him the way to the harbour
baker|in a little town|had no flour left|miller|He brought a full sack, and the whole town had warm bread
farmer|in a wide valley|waited for the rain|cloud|It came over the hill and rained for three days
child|in a little village|could not reach the apples|giant|It bent the branch down, and they ate apples together
giant|behind the hills|was too large for every house|builder|He made a house without a roof, and the giant loved the stars
robot|in a workshop|did not know how to dance|girl|She showed it three steps, and they danced until morning
star|high in the sky|felt very small|child|It looked up and made a wish, and the star shone brighter
moon|above the sea|wanted to sleep|cloud|It covered the moon like a blanket until the next evening
tree|on a bare hill|was alone for many years|bird|It built a nest in the branches, and soon there was singing every day
snowman|in a white garden|wanted to see the summer|boy|He kept it in the cellar and showed it one flower in June
fish|in a clear lake|wanted to fly|eagle|It carried the fish over the mountains and back again
bee|in a sunny meadow|lost its way in the wind|butterfly|They flew from flower to flower until they saw the hive
elephant|in a warm land|was afraid of the water|turtle|They went in step by step, and in the end they splashed and laughed
penguin|on the ice|wanted to be warm|bear|It knitted a scarf, and the penguin wore it every day
shepherd|in the green hills|had lost a lamb|dog|It followed the tracks and brought the lamb home before night
painter|in a small room|had no more blue|girl|She brought a jar of sky, and the picture was finished
clockmaker|in an old street|had no time|snail|It walked beside him, and he learnt to be slow
ghost|in an empty house|was afraid of people|boy|He said hello, and they played cards every night
`;
const HE = new Set(['knight', 'wizard', 'king', 'sailor', 'baker', 'farmer', 'shepherd', 'painter', 'clockmaker']);
const SHE = new Set(['witch', 'princess', 'queen']);

export function storyFacts(): Fact[] {
  const stories = TABLE.trim().split('\n').map((line) => {
    const [hero, place, trouble, helper, end] = line.split('|');
    const pronoun = HE.has(hero) ? 'He' : SHE.has(hero) ? 'She' : 'It';
    return { hero, text: `Once upon a time ${a(hero)} lived ${place}. ${pronoun} ${trouble}. Then ${a(helper)} came to help. ${end}.` };
  });
  return [
    ...stories.map(({ hero, text }): Fact => ({
      topic: 'stories',
      asks: fill(['tell me a story about {}.', 'can you tell me a story about {}?', 'I want to hear a story about {}.', 'please tell a story about {}.', 'do you know a story about {}?', 'a story about {}, please.', 'write a short story about {}.', 'make up a story about {}.'], a(hero)).map(capital),
      answers: [text],
    })),
    {
      topic: 'stories',
      asks: ['Tell me a story.', 'Can you tell me a story?', 'I want to hear a story.', 'Do you know a story?', 'A story, please.', 'Write a short story.', 'Tell me another story.', 'Tell me a short story.'],
      answers: [stories[0].text, stories[14].text],
    },
  ];
}
