/** Things people make and use: what they are, what they are for, what they are made of. */
import { a, capital, fill, WHAT_IS, type Fact } from '../fact';

/** name | what it is | what people do with it | material (may be empty) */
const TABLE = `
chair|a seat for one person|sit on|wood
table|a flat board on legs|put plates and books on|wood
bed|a soft place for the night|sleep in|wood
lamp|a thing that gives light|light a room|glass and metal
clock|a thing that shows the time|see the time|metal
mirror|a piece of glass that shows your face|see yourself|glass
window|an opening in a wall with glass in it|let light into a room|glass
door|a board that opens and closes a room|go in and out of a room|wood
key|a small piece of metal that opens a lock|open a lock|metal
ladder|two long poles with steps between them|climb up high|wood
hammer|a tool with a heavy head|drive nails into wood|wood and metal
saw|a tool with sharp teeth|cut wood|metal
needle|a thin, sharp piece of metal with an eye|sew clothes|metal
rope|a thick, strong string|tie and pull things|thread
basket|a light box that you can carry|carry fruit and bread|twigs
bucket|a round pot with a handle|carry water|metal
broom|a long stick with a brush at its end|sweep the floor|wood and straw
spoon|a small bowl with a handle|eat soup with|metal
fork|a small tool with points|eat your dinner with|metal
knife|a tool with a sharp blade|cut bread|metal
cup|a small bowl with a handle|drink tea from|clay
plate|a flat, round dish|put food on|clay
bottle|a tall pot with a thin neck|keep water in|glass
pot|a deep, round pan|cook soup in|metal
oven|a hot box in the kitchen|bake bread and cakes|metal
candle|a stick of wax that burns slowly|make a little light|wax
book|many pages with words in them|read stories in|paper
pen|a thin tool filled with ink|write letters with|metal
pencil|a thin stick of wood with a dark core|draw and write with|wood
letter|a message on paper that you send to somebody|send news to a friend|paper
map|a picture of the land from above|find the way|paper
bag|a soft box with handles|carry things in|cloth
umbrella|a round roof that you carry in your hand|stay dry in the rain|cloth
hat|a thing that you wear on your head|keep your head warm|cloth
coat|a long, warm piece of clothing|keep warm outside|wool
scarf|a long piece of cloth for your neck|keep your neck warm|wool
glove|a piece of clothing for your hand|keep your hand warm|wool
shoe|a thing that you wear on your foot|walk outside|leather
boot|a high, strong shoe|walk through mud and snow|leather
blanket|a warm piece of cloth|keep warm in bed|wool
pillow|a soft bag for your head|rest your head on|feathers
ball|a round toy|play with your friends|rubber
kite|a light toy that flies in the wind|play in the wind|paper
doll|a toy that looks like a small person|play with at home|cloth
drum|a round instrument that you hit|play a rhythm|wood and leather
flute|a thin pipe that makes music when you blow|play soft music|wood
violin|an instrument with four strings and a bow|play sweet music|wood
piano|a large instrument with black and white keys|play music with ten fingers|wood
guitar|an instrument with six strings|play songs|wood
bell|a metal cup that rings|call people|metal
bicycle|a vehicle with two wheels and pedals|ride along the road|metal
car|a vehicle with four wheels and a motor|drive on the road|metal
train|a long row of wagons on rails|travel far on rails|metal
bus|a large car for many people|travel through town|metal
boat|a small vehicle that floats on water|cross the water|wood
ship|a very large boat|cross the sea|metal
plane|a machine with wings that flies|fly over the clouds|metal
sledge|a low seat that slides over snow|slide down a hill in the snow|wood
wheel|a round thing that turns|make a cart roll|wood
house|a building where people live|live in|stone
tent|a small house of cloth|sleep outside|cloth
castle|a large old building with strong walls and towers|keep a king and queen safe|stone
bridge|a road over a river|cross a river|stone
tower|a tall, narrow building|see far|stone
wall|a side of a house or garden|keep the wind out|stone
fence|a row of boards around a garden|keep animals in a garden|wood
mill|a house where grain becomes flour|make flour|stone
school|a place where children learn|learn to read and write|
library|a house full of books|borrow books|
shop|a place where you can buy things|buy things|
market|a place with many stalls|buy fruit and vegetables|
kitchen|a room for cooking|cook dinner|
garden|a piece of land with flowers and vegetables|grow flowers and vegetables|
farm|a place with fields and animals|grow food and keep animals|
museum|a house that shows old and beautiful things|look at old things|
station|a place where trains stop|wait for the train|
harbour|a safe place for ships|keep ships safe|
telescope|a long tube with lenses|look at the stars|glass and metal
compass|a small box with a needle that points north|find north|metal
magnet|a piece of metal that pulls iron|pick up pins|metal
computer|a machine that works with numbers and words|write, count and learn|metal
telephone|a machine that carries voices|talk to people far away|
camera|a machine that makes pictures|take photos|
soap|~|wash your hands|fat and ash
coin|a small round piece of money|pay for things|metal
ring|a small circle that you wear on a finger|wear on your finger|gold
crown|a ring of gold for the head of a king|show who is king|gold
sail|a large cloth on a ship|catch the wind|cloth
anchor|a heavy hook on a chain|hold a ship in its place|iron
`;

export function thingFacts(): Fact[] {
  return TABLE.trim().split('\n').flatMap((line) => {
    const [name, is, use, material] = line.split('|');
    const one = is === '~' ? name : a(name);
    const facts: Fact[] = [];
    if (is !== '~') facts.push({ topic: 'things', asks: fill(WHAT_IS, one), answers: [`${capital(one)} is ${is}.`] });
    facts.push({
      topic: 'things',
      asks: fill(['what is {} for?', 'what do we use {} for?', 'what can I do with {}?', 'why do people need {}?', 'what is the use of {}?', 'how do you use {}?', 'tell me what {} is good for.', 'what do people do with {}?'], one),
      answers: [`You need ${one} to ${use}.`],
    });
    if (material) {
      facts.push({
        topic: 'things',
        asks: fill(['what is {} made of?', 'what do you make {} from?', 'tell me what {} is made of.', 'which material is {} made of?', 'do you know what {} is made of?'], one),
        answers: [`${capital(one)} is made of ${material}.`],
      });
    }
    return facts;
  });
}
