import assert from 'node:assert/strict';
import { KeySet } from '../../src/datasets/keySet';
import { hashKey } from '../../src/datasets/rowKeys';

describe('KeySet', () => {
  it('tells new keys from known ones as a Set does, while it grows', () => {
    const keys = new KeySet();
    const plain = new Set<string>();
    for (let i = 0; i < 30_000; i++) {
      const key = hashKey([i % 20_000]);
      assert.equal(keys.add(key), !plain.has(key));
      plain.add(key);
    }
    assert.equal(keys.size, plain.size);
  });

  it('tells keys apart that differ in one of the characters it looks at', () => {
    const keys = new KeySet();
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    for (const character of alphabet) for (let at = 0; at < 10; at++) keys.add(`${'A'.repeat(at)}${character}${'A'.repeat(21 - at)}`);
    assert.equal(keys.size, 10 * 63 + 1);
  });
});
