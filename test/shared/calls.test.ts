/** Requests that always end, over a channel that carries JSON. */
import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { setImmediate as turn } from 'node:timers/promises';
import { z } from 'zod';
import { Answerer, Caller, method, type AnswerMessage, type CallMessage, type Handlers } from '../../src/shared/calls';
import { ProblemError, problemError } from '../../src/shared/problem';

const contract = {
  double: method<number>()(z.object({ value: z.number() })),
  count: method<string, number>()(z.object({ to: z.number() })),
  refuse: method<null>()(z.object({})),
  crash: method<null>()(z.object({})),
  wait: method<null>()(z.object({})),
};

interface Pair {
  caller: Caller<typeof contract>;
  answerer: Answerer<typeof contract>;
  toAnswerer: CallMessage[];
  errors: unknown[];
  aborted: string[];
}

/** Both ends, joined as a webview's are: by copies, in a later turn. */
function joined(): Pair {
  const errors: unknown[] = [];
  const aborted: string[] = [];
  const toAnswerer: CallMessage[] = [];
  const handlers: Handlers<typeof contract> = {
    double: ({ value }) => 2 * value,
    count: ({ to }, { progress }) => { for (let i = 0; i < to; i++) progress(i); return 'done'; },
    refuse: () => { throw problemError('test/refused', 'No.', { fix: { text: 'Ask again.' } }); },
    crash: () => { throw new TypeError('a bug'); },
    wait: (_params, { signal }) => new Promise(resolve => signal.addEventListener('abort', () => { aborted.push('wait'); resolve(null); })),
  };
  const copy = <T>(value: T): T => structuredClone(value);
  const answerer: Answerer<typeof contract> = new Answerer(contract, handlers, (message: AnswerMessage) => queueMicrotask(() => caller.receive(copy(message))), error => errors.push(error));
  const caller = new Caller<typeof contract>(message => {
    toAnswerer.push(message);
    queueMicrotask(() => answerer.receive(copy(message)));
  });
  return { caller, answerer, toAnswerer, errors, aborted };
}

describe('calls', () => {
  it('answer each request with its own reply', async () => {
    const { caller } = joined();
    assert.deepEqual(await Promise.all([1, 2, 3].map(value => caller.call('double', { value }))), [2, 4, 6]);
  });

  it('tell of progress before the reply', async () => {
    const seen: number[] = [];
    assert.equal(await joined().caller.call('count', { to: 3 }, { onProgress: value => seen.push(value) }), 'done');
    assert.deepEqual(seen, [0, 1, 2]);
  });

  it('carry Problems over, whole', async () => {
    const { caller, errors } = joined();
    await assert.rejects(caller.call('refuse', {}), (error: unknown) => error instanceof ProblemError && error.problems[0].fix?.text === 'Ask again.');
    assert.deepEqual(errors, []);
  });

  it('say that something broke, and log the bug', async () => {
    const { caller, errors } = joined();
    await assert.rejects(caller.call('crash', {}), /a bug/);
    assert.ok(errors[0] instanceof TypeError);
  });

  it('end at once when they are broken off, and tell the other side', async () => {
    const { caller, aborted } = joined();
    const controller = new AbortController();
    const waiting = caller.call('wait', {}, { signal: controller.signal });
    await turn();
    controller.abort();
    await assert.rejects(waiting, { name: 'AbortError' });
    await turn();
    assert.deepEqual(aborted, ['wait']);
    await assert.rejects(caller.call('wait', {}, { signal: controller.signal }), { name: 'AbortError' });
  });

  it('are rejected when the other side is gone, and so are later ones', async () => {
    const { caller } = joined();
    const waiting = caller.call('wait', {});
    caller.close(new Error('gone'));
    await assert.rejects(waiting, /gone/);
    await assert.rejects(caller.call('double', { value: 1 }), /gone/);
  });

  it('refuse params that do not fit, without running anything', async () => {
    const { caller, errors } = joined();
    await assert.rejects(caller.call('double', { value: 'two' as unknown as number }), /malformed/);
    assert.equal(errors.length, 1);
  });

  it('never throw for any message, and answer only what asked', async () => {
    const message = fc.oneof(
      fc.anything(),
      fc.record({ type: fc.constantFrom('request', 'cancel', 'reply', 'failed', 'x'), id: fc.anything(), method: fc.oneof(fc.constantFrom('double', '__proto__', 'constructor', 'toString'), fc.string()), params: fc.anything() }, { requiredKeys: [] }),
    );
    await fc.assert(fc.asyncProperty(message, async input => {
      const posted: AnswerMessage[] = [];
      const answerer = new Answerer({ double: contract.double }, { double: ({ value }) => 2 * value }, answer => posted.push(answer), () => {});
      const isCall = answerer.receive(input);
      await turn();
      const isRequest = isCall && (input as { type: string }).type === 'request';
      assert.equal(posted.length, isRequest ? 1 : 0);
      new Caller(() => {}).receive(input);
    }), { numRuns: 500 });
  });
});
