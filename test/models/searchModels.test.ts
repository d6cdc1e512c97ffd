/** Finding models on the hub, which a function plays. */
import assert from 'node:assert/strict';
import { searchModels } from '../../src/models/hub/searchModels';
import { ProblemError } from '../../src/shared/problem';

const endpoint = 'https://hub.test';

describe('searchModels', () => {
  it('asks for text models with safetensors, and passes over what is no model', async () => {
    let asked: URL | undefined;
    const found = await searchModels('smol lm', {
      endpoint, token: 'secret',
      fetch: async (input, init) => {
        asked = new URL(input as string);
        assert.equal(new Headers(init?.headers).get('authorization'), 'Bearer secret');
        return Response.json([{ id: 'a/b', downloads: 12, likes: 3, gated: 'manual' }, { id: 'c/d' }, null, { id: 7 }]);
      },
    });
    assert.equal(asked?.pathname, '/api/models');
    assert.deepEqual([asked?.searchParams.get('search'), asked?.searchParams.get('filter')], ['smol lm', 'safetensors']);
    assert.deepEqual(found, [{ id: 'a/b', downloads: 12, likes: 3, isGated: true }, { id: 'c/d', downloads: 0, likes: 0, isGated: false }]);
  });

  for (const [why, options, text] of [
    ['offline', { isOffline: true }, /offline mode is on/],
    ['no network', { fetch: () => Promise.reject(new TypeError('fetch failed')) }, /hub\.test could not be reached/],
    ['a refusal', { fetch: async () => new Response('', { status: 503 }) }, /HTTP 503/],
  ] as const) {
    it(`says so: ${why}`, async () => {
      await assert.rejects(searchModels('x', { endpoint, ...options }), error => {
        assert.ok(error instanceof ProblemError);
        assert.equal(error.problems[0]!.id, 'models/no-search');
        assert.match(error.problems[0]!.text, text);
        return true;
      });
    });
  }
});
