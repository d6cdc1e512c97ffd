/** Animals: what they are, where they live, what they eat, their legs, sounds and young. */
import { a, capital, fill, WHAT_IS, type Fact } from '../fact';

interface Animal { name: string; plural: string; is: string; lives: string; eats: string; legs: number; sound?: string; young?: string; colour?: string }

/** name | plural | what it is | where it lives | what it eats | legs | sound | young | colour */
const TABLE = `
cat|cats|a small animal that likes to sleep, hunt mice and be stroked|in houses with people|meat and fish|4|meow|kitten|
dog|dogs|a friendly animal that likes to run and play with people|in houses with people|meat and bones|4|woof|puppy|
cow|cows|a large farm animal that gives us milk|on farms|grass|4|moo|calf|
horse|horses|a large and fast animal that people can ride|on farms|grass and oats|4|neigh|foal|
sheep|sheep|a farm animal with a warm coat of wool|on farms|grass|4|baa|lamb|white
goat|goats|a farm animal with horns that likes to climb|on farms and in the mountains|leaves and grass|4|maa|kid|
pig|pigs|a clever farm animal with a flat nose and a curly tail|on farms|roots and vegetables|4|oink|piglet|pink
hen|hens|a farm bird that lays eggs|on farms|seeds and worms|2|cluck|chick|
duck|ducks|a bird that swims on ponds|on ponds and rivers|water plants and snails|2|quack|duckling|
goose|geese|a large bird with a long neck that swims and flies|near lakes and rivers|grass and water plants|2|honk|gosling|
swan|swans|a large white bird with a long neck|on lakes and rivers|water plants|2||cygnet|white
owl|owls|a bird that hunts at night and sees well in the dark|in the forest|mice|2|hoo|owlet|brown
crow|crows|a clever black bird|in fields and trees|seeds and worms|2|caw||black
robin|robins|a little bird with a red breast|in gardens and woods|worms and berries|2|tweet|chick|
eagle|eagles|a large bird with sharp eyes that flies very high|in the mountains|fish and small animals|2||eaglet|brown
penguin|penguins|a black and white bird that swims but cannot fly|on cold coasts in the south|fish|2||chick|black and white
parrot|parrots|a bright bird that can learn to say words|in warm forests|fruit and nuts|2||chick|green
lion|lions|a large wild cat, and the male has a mane|in Africa|meat|4|roar|cub|golden
tiger|tigers|a large wild cat with stripes|in the forests of Asia|meat|4|growl|cub|orange with black stripes
wolf|wolves|a wild animal that lives in a pack and is related to the dog|in forests and mountains|meat|4|howl|cub|grey
fox|foxes|a clever wild animal with a bushy tail|in the forest|mice and berries|4||cub|red
bear|bears|a big, strong animal with thick fur|in the forest|berries, fish and honey|4|growl|cub|brown
rabbit|rabbits|a small animal with long ears and a short tail|in holes under the ground|grass and carrots|4||kit|
hare|hares|a fast animal with long ears and long legs|in open fields|grass and leaves|4||leveret|brown
mouse|mice|a very small animal with a long tail|in fields and houses|seeds and cheese|4|squeak|pup|
squirrel|squirrels|a small animal with a bushy tail that climbs trees|in trees|nuts and seeds|4||kit|red
hedgehog|hedgehogs|a small animal covered with spines|in gardens and woods|snails and insects|4||hoglet|brown
deer|deer|a shy forest animal, and the male has antlers|in the forest|leaves and grass|4||fawn|brown
elephant|elephants|the largest animal on land, with a long trunk|in Africa and Asia|leaves and grass|4|trumpet|calf|grey
giraffe|giraffes|the tallest animal, with a very long neck|in Africa|leaves|4||calf|
zebra|zebras|an animal like a horse with black and white stripes|in Africa|grass|4||foal|black and white
monkey|monkeys|a clever animal that climbs trees and has a long tail|in warm forests|fruit and leaves|4||infant|brown
camel|camels|a large animal with a hump that can go long without water|in the desert|dry plants|4||calf|
kangaroo|kangaroos|an animal that hops and carries its young in a pouch|in Australia|grass|4||joey|
frog|frogs|a small animal that jumps and can live in water and on land|near ponds|flies|4|croak|tadpole|green
snake|snakes|a long animal without legs|in grass, sand and forests|mice and eggs|0|hiss||
turtle|turtles|a slow animal with a hard shell|in the sea and in ponds|water plants|4||hatchling|green
crocodile|crocodiles|a large animal with strong jaws and many teeth|in warm rivers|fish and meat|4||hatchling|green
fish|fish|an animal that lives in water and breathes with gills|in water|water plants and small animals|0||fry|
shark|sharks|a large fish with many sharp teeth|in the sea|fish|0||pup|grey
whale|whales|a very large sea animal that breathes air|in the sea|tiny sea animals|0||calf|
dolphin|dolphins|a clever sea animal that breathes air and likes to play|in the sea|fish|0|click|calf|grey
crab|crabs|a sea animal with a shell and two claws|on the beach and in the sea|plants and small animals|10|||
snail|snails|a slow little animal that carries its shell|in gardens|leaves|0|||
bee|bees|an insect that makes honey|in a hive|nectar from flowers|6|buzz||yellow and black
ant|ants|a tiny insect that works together with many others|in a nest in the ground|seeds and sweet things|6|||
butterfly|butterflies|an insect with large, colourful wings|in meadows and gardens|nectar from flowers|6||caterpillar|
ladybird|ladybirds|a small round beetle with black spots|in gardens|tiny insects|6|||red with black spots
spider|spiders|a small animal with eight legs that spins a web|in corners, trees and grass|flies|8|||
bat|bats|a small animal that flies at night|in caves and old houses|insects|2||pup|
worm|worms|a soft, thin animal that lives in the soil|in the soil|dead leaves|0|||pink
`;

const LEG_WORDS: Record<number, string> = { 0: 'no', 2: 'two', 4: 'four', 6: 'six', 8: 'eight', 10: 'ten' };

export const ANIMALS: Animal[] = TABLE.trim().split('\n').map((line) => {
  const [name, plural, is, lives, eats, legs, sound, young, colour] = line.split('|');
  return { name, plural, is, lives, eats, legs: Number(legs), sound: sound || undefined, young: young || undefined, colour: colour || undefined };
});

export function animalFacts(): Fact[] {
  return ANIMALS.flatMap((animal) => {
    const one = a(animal.name);
    const many = animal.plural;
    const One = capital(one);
    const Many = capital(many);
    const facts: Fact[] = [
      { topic: 'animals', asks: fill(WHAT_IS, one), answers: [`${One} is ${animal.is}.`] },
      {
        topic: 'animals',
        asks: [
          ...fill(['where does {} live?', 'where can I find {}?', 'tell me where {} lives.', 'where is the home of {}?', 'in what place does {} live?'], one),
          ...fill(['where do {} live?', 'do you know where {} live?', 'where can I see {}?'], many),
        ],
        answers: [`${Many} live ${animal.lives}.`],
      },
      {
        topic: 'animals',
        asks: [
          ...fill(['what does {} eat?', 'what food does {} like?', 'tell me what {} eats.', 'what can I feed {}?'], one),
          ...fill(['what do {} eat?', 'do you know what {} eat?', 'what is the food of {}?', 'what do {} like to eat?'], many),
        ],
        answers: [`${Many} eat ${animal.eats}.`],
      },
      {
        topic: 'animals',
        asks: [
          ...fill(['how many legs does {} have?', 'tell me how many legs {} has.', 'can you count the legs of {}?'], one),
          ...fill(['how many legs do {} have?', 'do you know how many legs {} have?'], many),
        ],
        answers: [`${One} has ${LEG_WORDS[animal.legs]} legs.`],
      },
    ];
    if (animal.sound) {
      facts.push({
        topic: 'animals',
        asks: [
          ...fill(['what does {} say?', 'what sound does {} make?', 'tell me what {} says.', 'how does {} sound?', 'which sound does {} make?', 'what noise does {} make?'], one),
          ...fill(['what do {} say?', 'what sound do {} make?'], many),
        ],
        answers: [`${One} says ${animal.sound}.`],
      });
    }
    if (animal.young) {
      const baby = a(animal.young);
      facts.push({
        topic: 'animals',
        asks: fill(['what is a baby {} called?', 'what do you call a baby {}?', 'what do we call a young {}?', 'tell me the name of a young {}.', 'what is the name of a baby {}?', 'how is a young {} called?'], animal.name),
        answers: [`A baby ${animal.name} is called ${baby}.`],
      });
    }
    if (animal.colour) {
      facts.push({
        topic: 'animals',
        asks: fill(['what colour is {}?', 'what color is {}?', 'which colour does {} have?', 'tell me the colour of {}.', 'do you know the colour of {}?'], one),
        answers: [`${One} is ${animal.colour}.`],
      });
    }
    return facts;
  });
}
