/** Which models stay in memory, and when they go. */
import { strict as assert } from 'node:assert';
import { ChatModels } from '../../src/inference';
import type { InferenceSession } from '../../src/inference';

/** Sessions that only note what becomes of them. */
function fakes() {
  const log: string[] = [];
  const open = async ({ model, adapter }: { model: string | undefined; adapter: string | undefined }): Promise<InferenceSession> => {
    const name = [model, adapter].filter(Boolean).join('+');
    log.push(`open ${name}`);
    if (model === 'broken') throw new Error('broken');
    const session = { name, withoutAdapter: async () => ({ name: `${name} without adapter` }), release: async () => void log.push(`release ${name}`) };
    return session as unknown as InferenceSession;
  };
  return { log, models: new ChatModels(2, open) };
}

const id = (model: string, adapter?: string) => ({ model, adapter });
const nameOf = async (session: InferenceSession): Promise<string> => (session as unknown as { name: string }).name;
/** Releases follow in the next turn of the loop. */
const settle = () => new Promise(resolve => setImmediate(resolve));

describe('inference/chatModels', () => {
  it('opens a model once, and gives base and tuned over it', async () => {
    const { log, models } = fakes();
    assert.equal(await models.use(id('m', 'a'), false, nameOf), 'm+a');
    assert.equal(await models.use(id('m', 'a'), true, nameOf), 'm+a without adapter');
    assert.equal(await models.use(id('m'), true, nameOf), 'm');
    assert.deepEqual(log, ['open m+a', 'open m']);
  });

  it('keeps the two used last', async () => {
    const { log, models } = fakes();
    for (const name of ['a', 'b', 'a', 'c']) await models.use(id(name), false, nameOf);
    await settle();
    assert.deepEqual(log, ['open a', 'open b', 'open c', 'release b']);
  });

  it('releases a model only when nobody works with it any more', async () => {
    const { log, models } = fakes();
    let finish = (): void => {};
    const working = models.use(id('a'), false, () => new Promise<void>(resolve => { finish = resolve; }));
    for (const name of ['b', 'c']) await models.use(id(name), false, nameOf);
    await settle();
    assert.ok(!log.includes('release a'));
    finish();
    await working;
    await settle();
    assert.ok(log.includes('release a'));
  });

  it('lets two who ask the same model take turns', async () => {
    const { models } = fakes();
    const order: string[] = [];
    await Promise.all(['first', 'second'].map(name => models.use(id('a'), false, async () => {
      order.push(`${name} begins`);
      await settle();
      order.push(`${name} ends`);
    })));
    assert.deepEqual(order, ['first begins', 'first ends', 'second begins', 'second ends']);
  });

  it('tries again after a failure', async () => {
    const { log, models } = fakes();
    await assert.rejects(models.use(id('broken'), false, nameOf), /broken/);
    await assert.rejects(models.use(id('broken'), false, nameOf), /broken/);
    assert.deepEqual(log, ['open broken', 'open broken']);
  });
});
