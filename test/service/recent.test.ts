/** The few things used last. */
import { strict as assert } from 'node:assert';
import { Recent } from '../../src/service/recent';

describe('Recent', () => {
  it('makes each thing once, and releases the one not used for longest', async () => {
    const made: string[] = [];
    const released: string[] = [];
    const recent = new Recent<string>(2, value => void released.push(value));
    const get = (key: string): Promise<string> => recent.get(key, async () => { made.push(key); return key; });
    for (const key of ['a', 'b', 'a', 'c', 'a', 'b']) assert.equal(await get(key), key);
    assert.deepEqual(made, ['a', 'b', 'c', 'b']);
    assert.deepEqual(released, ['b', 'c']);
  });

  it('does not keep a failure', async () => {
    const recent = new Recent<number>(2);
    await assert.rejects(recent.get('a', () => Promise.reject(new Error('not yet'))), /not yet/);
    assert.equal(await recent.get('a', async () => 1), 1);
  });
});
