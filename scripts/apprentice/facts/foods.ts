/** Food and plants: what they are, their colour, taste and where they grow. */
import { a, capital, fill, WHAT_IS, type Fact } from '../fact';

/** name ("~" without article) | kind | colour | taste | where it grows or comes from */
const TABLE = `
apple|a round fruit|red or green|sweet|on a tree
pear|a soft fruit with a thin top|green|sweet|on a tree
plum|a small fruit with a stone|purple|sweet|on a tree
cherry|a small round fruit with a stone|red|sweet|on a tree
orange|a round fruit with a thick skin|orange|sweet|on a tree
lemon|a fruit with a thick skin|yellow|sour|on a tree
banana|a long, curved fruit|yellow|sweet|on a tall plant in warm lands
peach|a soft fruit with a furry skin|orange and red|sweet|on a tree
grape|a small fruit that grows in bunches|green or purple|sweet|on a vine
strawberry|a small soft fruit|red|sweet|near the ground
raspberry|a small soft berry|red|sweet|on a bush
blueberry|a tiny round berry|blue|sweet|on a bush
melon|a large, heavy fruit full of water|green|sweet|on the ground
walnut|a nut with a hard shell|brown|nutty|on a tree
carrot|a long vegetable root|orange|sweet|under the ground
potato|a round vegetable from the soil|brown|mild|under the ground
onion|a round vegetable that makes you cry|white|sharp|under the ground
tomato|a round, soft fruit that we use as a vegetable|red|sweet and a little sour|on a plant in the garden
cucumber|a long, fresh vegetable|green|fresh|near the ground
pumpkin|a very large, round vegetable|orange|mild|on the ground
cabbage|a round vegetable with many leaves|green|mild|in the garden
pea|a tiny round vegetable|green|sweet|in a pod
bean|a long seed that we cook|green|mild|in a pod
mushroom|a small soft thing with a cap that grows in the forest|brown|earthy|in the forest
~spinach|a vegetable with dark leaves|green|earthy|in the garden
~corn|a tall plant with sweet yellow seeds|yellow|sweet|in the field
~wheat|a tall grass whose seeds become flour|golden|mild|in the field
~rice|a grass with small white seeds that we cook|white|mild|in wet fields
~bread|a food that is baked from flour and water|brown|mild|from the oven
~butter|a soft food that is made from milk|yellow|mild|from milk
~cheese|a food that is made from milk|yellow|salty|from milk
~milk|a white drink from cows|white|mild|from cows
~honey|a thick, sweet food that bees make|golden|sweet|from bees
~salt|a white powder that makes food tasty|white|salty|from the sea and from mines
~sugar|a sweet white powder|white|sweet|from sugar plants
~chocolate|a sweet food that is made from cocoa|brown|sweet|from cocoa beans
~soup|a warm dish that you eat with a spoon|golden|salty|from the pot
~tea|a warm drink from dried leaves|brown|a little bitter|from the leaves of a bush
~coffee|a dark, warm drink from roasted beans|black|bitter|from the beans of a bush
~jam|a sweet food that is made from fruit and sugar|red|sweet|from fruit
cake|a sweet food for special days|golden|sweet|from the oven
egg|a food with a thin shell that hens lay|white or brown|mild|from hens
rose|a flower with thorns and a sweet smell|red|bitter|on a bush
daisy|a small flower with white petals|white and yellow|bitter|in the meadow
sunflower|a tall flower that turns to the sun|yellow|nutty|in the field
tulip|a flower of spring with a cup of petals|red or yellow|bitter|in the garden
~grass|a green plant that covers meadows|green|fresh|in the meadow
`;

export function foodFacts(): Fact[] {
  return TABLE.trim().split('\n').flatMap((line) => {
    const [name, kind, colour, taste, grows] = line.split('|');
    const one = a(name);
    const One = capital(one);
    const comes = grows.startsWith('from');
    return [
      { topic: 'foods', asks: fill(WHAT_IS, one), answers: [`${One} is ${kind}.`] },
      {
        topic: 'foods',
        asks: fill(['what colour is {}?', 'what color is {}?', 'which colour does {} have?', 'tell me the colour of {}.', 'do you know the colour of {}?', 'what is the colour of {}?'], one),
        answers: [`${One} is ${colour}.`],
      },
      {
        topic: 'foods',
        asks: fill(['how does {} taste?', 'what does {} taste like?', 'tell me how {} tastes.', 'what is the taste of {}?', 'do you know how {} tastes?'], one),
        answers: [`${One} tastes ${taste}.`],
      },
      {
        topic: 'foods',
        asks: fill(comes
          ? ['where does {} come from?', 'tell me where {} comes from.', 'where do we get {} from?', 'do you know where {} comes from?', 'how do we get {}?']
          : ['where does {} grow?', 'tell me where {} grows.', 'where can I find {}?', 'do you know where {} grows?', 'in what place does {} grow?'], one),
        answers: [`${One} ${comes ? 'comes' : 'grows'} ${grows}.`],
      },
    ];
  });
}
