/** The wizard's requests, as anybody could send them: what is malformed is refused and told to the log, and nothing breaks. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { Answerer, type AnswerMessage, type Handlers } from '../../src/shared/calls';
import { recipeMethods, type RecipeMethods } from '../../src/shared/panels/recipe';

const names = Object.keys(recipeMethods) as (keyof RecipeMethods)[];

function play(): { answerer: Answerer<RecipeMethods>; answered: AnswerMessage[]; errors: unknown[]; reached: string[] } {
  const answered: AnswerMessage[] = [], errors: unknown[] = [], reached: string[] = [];
  const handlers = Object.fromEntries(names.map(name => [name, () => { reached.push(name); return null; }])) as unknown as Handlers<RecipeMethods>;
  return { answerer: new Answerer(recipeMethods, handlers, message => answered.push(message), error => errors.push(error)), answered, errors, reached };
}

const settled = (): Promise<void> => new Promise(resolve => setImmediate(resolve));

describe('requests of the wizard', () => {
  it('never break the host, whatever they are, and always end', async () => {
    const request = fc.record({ type: fc.constantFrom('request', 'cancel'), id: fc.integer(), method: fc.oneof(fc.constantFrom(...names), fc.string(), fc.constantFrom('__proto__', 'constructor', 'toString')), params: fc.jsonValue() });
    await fc.assert(fc.asyncProperty(fc.uniqueArray(request, { selector: ({ id }) => id, maxLength: 20 }), async messages => {
      const { answerer, answered, errors, reached } = play();
      for (const message of messages) answerer.receive(message);
      await settled();
      const requests = messages.filter(({ type }) => type === 'request');
      assert.equal(answered.length, requests.length);
      assert.equal(reached.length + errors.length, requests.length);
    }), { seed: 21, numRuns: 200 });
  });

  it('are not taken for requests where they are none', () => {
    fc.assert(fc.property(fc.anything(), message => {
      const { answerer } = play();
      const isRequest = typeof message === 'object' && message !== null && 'id' in message && 'type' in message;
      if (!isRequest) assert.equal(answerer.receive(message), false);
    }), { seed: 22 });
  });

  for (const params of [
    {}, { changes: [] }, { changes: [{ value: 1 }] }, { changes: [{ key: '' }] }, { changes: [{ key: 'x'.repeat(300) }] }, { changes: 'lora_r' },
    { changes: [{ key: 'lora_r', value: () => 1 }] }, { changes: Array.from({ length: 300 }, () => ({ key: 'lora_r', value: 1 })) },
  ]) {
    it(`refuses the edit ${JSON.stringify(params).slice(0, 60)}`, async () => {
      const { answerer, answered, reached } = play();
      answerer.receive({ type: 'request', id: 1, method: 'edit', params });
      await settled();
      assert.equal(answered[0]?.type, 'failed');
      assert.deepEqual(reached, []);
    });
  }
});
