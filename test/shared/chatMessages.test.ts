/** The chat's requests, as anybody could send them: what is out of bounds never reaches a handler. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { Answerer, type AnswerMessage, type Handlers } from '../../src/shared/calls';
import { chatMethods, type ChatMethods } from '../../src/shared/panels/chat';
import { ANSWER_BOUNDS } from '../../src/shared/sampling';

const names = Object.keys(chatMethods) as (keyof ChatMethods)[];

async function send(method: string, params: unknown): Promise<{ answer: AnswerMessage | undefined; reached: unknown[] }> {
  let answer: AnswerMessage | undefined;
  const reached: unknown[] = [];
  const handlers = Object.fromEntries(names.map(name => [name, (params: unknown) => { reached.push(params); return null; }])) as unknown as Handlers<ChatMethods>;
  new Answerer(chatMethods, handlers, message => { answer = message; }, () => {}).receive({ type: 'request', id: 1, method, params });
  await new Promise(resolve => setImmediate(resolve));
  return { answer, reached };
}

describe('requests of the chat', () => {
  it('always end, and reach a handler only where they are sound', async () => {
    await fc.assert(fc.asyncProperty(fc.constantFrom(...names), fc.jsonValue(), async (method, params) => {
      const { answer, reached } = await send(method, params);
      assert.equal(answer?.type, chatMethods[method].schema.safeParse(params).success ? 'reply' : 'failed');
      assert.equal(reached.length, answer?.type === 'reply' ? 1 : 0);
    }), { seed: 31, numRuns: 300 });
  });

  for (const [method, params] of [
    ['send', {}], ['send', { prompt: '' }], ['send', { prompt: 'x'.repeat(1_000_001) }], ['send', { prompt: ['a'] }],
    ['addPair', { turn: -1, better: 'base' }], ['addPair', { turn: 0.5, better: 'base' }], ['addPair', { turn: 0, better: 'left' }],
    ['configure', { seed: 1.5 }], ['configure', { system: 7 }], ['openDataset', { uri: 7 }],
  ] as const) {
    it(`refuses ${method} of ${JSON.stringify(params).slice(0, 40)}`, async () => {
      const { answer, reached } = await send(method, params);
      assert.equal(answer?.type, 'failed');
      assert.deepEqual(reached, []);
    });
  }

  for (const [name, { min, max }] of Object.entries(ANSWER_BOUNDS)) {
    it(`takes ${name} from ${min} to ${max}`, async () => {
      for (const value of [min, max]) assert.deepEqual((await send('configure', { [name]: value })).reached, [{ [name]: value }]);
      for (const value of [min - 1, max + 1, NaN, '1']) assert.deepEqual((await send('configure', { [name]: value })).reached, []);
    });
  }

  it('takes no seed at all', async () => assert.deepEqual((await send('configure', { seed: null })).reached, [{ seed: null }]));
});
