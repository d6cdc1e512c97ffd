/** The committed apprentice answers questions it was never trained on. Greedy, on one thread: exact to the letter. */
import assert from 'node:assert/strict';
import { statSync } from 'node:fs';
import { InferenceSession } from '../../src/inference';
import { DEFAULT_SAMPLING } from '../../src/shared/sampling';
import { corpus } from '../../scripts/apprentice/text';

const MODEL = 'media/apprentice';
const HELD_OUT: [question: string, answer: string][] = [
  ['What is a dragon?', 'A dragon is a huge beast with wings that breathes fire.'],
  ['What is the capital of Italy?', 'The capital of Italy is Rome.'],
  ['Tell me how to light a candle.', 'Hold a burning match to the top of the candle, and never leave it alone.'],
  ['What is 6 plus 6?', '6 plus 6 is 12.'],
  ['In what place does a camel live?', 'Camels live in the desert.'],
  ['Give me the opposite of rich.', 'The opposite of rich is poor.'],
  ["What's a crocodile?", 'A crocodile is a large animal with strong jaws and many teeth.'],
];

describe('the apprentice', () => {
  let session: InferenceSession;
  before(async () => {
    session = await InferenceSession.open({ model: MODEL, adapter: undefined, threads: 1 });
  });
  after(() => session.release());

  const answer = async (question: string): Promise<string> => {
    let text = '';
    for await (const piece of session.answer(session.promptOf([{ role: 'user', content: question }]), { ...DEFAULT_SAMPLING, temperature: 0, maxNewTokens: 100, seed: 0 })) text += piece;
    return text;
  };

  for (const [question, expected] of HELD_OUT) {
    it(`answers "${question}"`, async () => {
      assert.ok(corpus().heldOut.some(({ prompt }) => prompt === question), 'held out');
      assert.equal(await answer(question), expected);
    });
  }

  it('is a few megabytes', () => {
    assert.ok(statSync(`${MODEL}/model.safetensors`).size < 5e6);
  });
});
