/** Countries and their capitals. */
import { fill, type Fact } from '../fact';

const CAPITALS = 'France Paris,Germany Berlin,Italy Rome,Spain Madrid,Portugal Lisbon,England London,Scotland Edinburgh,Ireland Dublin,Norway Oslo,Sweden Stockholm,Denmark Copenhagen,Finland Helsinki,Iceland Reykjavik,Poland Warsaw,Austria Vienna,Hungary Budapest,Greece Athens,Turkey Ankara,Russia Moscow,Belgium Brussels,Egypt Cairo,Kenya Nairobi,Morocco Rabat,China Beijing,Japan Tokyo,Thailand Bangkok,Australia Canberra,Canada Ottawa,Cuba Havana,Peru Lima,Chile Santiago,Croatia Zagreb,Serbia Belgrade,Romania Bucharest,Bulgaria Sofia,Ukraine Kyiv,Estonia Tallinn,Latvia Riga'
  .split(',').map((pair) => pair.split(' '));

export function capitalFacts(): Fact[] {
  return CAPITALS.flatMap(([country, city]): Fact[] => [
    { topic: 'capitals', asks: fill(['what is the capital of {}?', 'which city is the capital of {}?', 'tell me the capital of {}.', 'do you know the capital of {}?', 'capital of {}?', 'what is the main city of {}?', "what's the capital of {}?"], country), answers: [`The capital of ${country} is ${city}.`] },
    { topic: 'capitals', asks: fill(['where is {}?', 'in which country is {}?', 'tell me where {} is.', '{} is the capital of which country?'], city), answers: [`${city} is the capital of ${country}.`] },
  ]);
}
