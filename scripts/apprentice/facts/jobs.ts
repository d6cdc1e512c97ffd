/** People and their work. */
import { a, capital, fill, WHAT_IS, type Fact } from '../fact';

/** name | what he or she does, third person | where */
const TABLE = `
baker|bakes bread and cakes|in a bakery
farmer|grows food and keeps animals|on a farm
teacher|helps children to learn|in a school
doctor|makes sick people well|in a hospital
nurse|cares for sick people|in a hospital
cook|makes dinner for many people|in a kitchen
fisherman|catches fish|on a boat
sailor|works on a ship|at sea
pilot|flies planes|in the sky
driver|drives a bus or a car|on the road
carpenter|makes things from wood|in a workshop
tailor|sews clothes|in a shop
shoemaker|makes and mends shoes|in a workshop
blacksmith|bends hot iron with a hammer|in a forge
miller|makes flour from grain|in a mill
gardener|plants flowers and trees|in a garden
shepherd|looks after sheep|in the hills
painter|paints pictures and walls|in a studio
singer|sings songs for people|on a stage
dancer|dances to music|on a stage
writer|writes books and stories|at a desk
poet|writes poems|at a desk
musician|plays music|on a stage
builder|builds houses|on a building site
firefighter|puts out fires|in a fire station
judge|decides what is fair|in a court
librarian|takes care of books|in a library
postman|brings letters and parcels|in the streets
miner|digs for coal and gold|under the ground
hunter|hunts in the forest|in the forest
knight|protects the king and the people|in a castle
king|rules a country|in a castle
queen|rules a country|in a castle
scientist|finds out how things work|in a laboratory
astronaut|flies into space|in a spaceship
programmer|writes programs for computers|at a computer
dentist|takes care of teeth|in a dental clinic
barber|cuts hair|in a barber shop
clown|makes people laugh|in a circus
beekeeper|keeps bees and sells honey|near the hives
`;

export function jobFacts(): Fact[] {
  return TABLE.trim().split('\n').flatMap((line) => {
    const [name, does, where] = line.split('|');
    const one = a(name);
    const rules = does === 'rules a country';
    const facts: Fact[] = [
      { topic: 'jobs', asks: [...fill(WHAT_IS, one), ...fill(['what does {} do?', 'what is the work of {}?', 'tell me what {} does.', 'what does {} do all day?'], one)], answers: [`${capital(one)} is somebody who ${does}.`] },
      { topic: 'jobs', asks: fill(['where does {} work?', 'tell me where {} works.', 'where can I meet {}?', 'do you know where {} works?', 'in what place does {} work?'], one), answers: [`${capital(one)} works ${where}.`] },
    ];
    if (!rules) {
      facts.push({ topic: 'jobs', asks: fill(['who {}?', 'tell me who {}.', 'do you know who {}?', 'which person {}?', 'what do you call somebody who {}?'], does), answers: [`${capital(one)} ${does}.`] });
    }
    return facts;
  });
}
