/** Asks a model the held-out questions and counts exact answers: `npx tsx scripts/apprentice/evaluate.ts [MODEL] [COUNT]`. */
import { InferenceSession } from '../../src/inference';
import { DEFAULT_SAMPLING } from '../../src/shared/sampling';
import { Random } from '../../src/shared/random';
import { corpus } from './text';

const [model = 'media/apprentice', count = '1000'] = process.argv.slice(2);

const session = await InferenceSession.open({ model, adapter: undefined });
const asked = new Random(1).shuffle(corpus().heldOut).slice(0, Number(count));
const right = new Map<string, [exact: number, asked: number]>();
for (const { topic, prompt, answers } of asked) {
  let text = '';
  for await (const piece of session.answer(session.promptOf([{ role: 'user', content: prompt }]), { ...DEFAULT_SAMPLING, temperature: 0, maxNewTokens: 100, seed: 0 })) text += piece;
  const isRight = answers.includes(text);
  const [exact, of] = right.get(topic) ?? [0, 0];
  right.set(topic, [exact + Number(isRight), of + 1]);
  if (!isRight) console.log(`${prompt} => ${text}   (${answers[0]})`);
}
await session.release();
for (const [topic, [exact, of]] of right) console.log(`${topic}: ${exact} of ${of}`);
const total = [...right.values()].reduce((sum, [exact]) => sum + exact, 0);
console.log(`${total} of ${asked.length} right to the letter`);
