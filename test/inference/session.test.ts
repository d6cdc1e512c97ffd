/** A session answers with and without its adapter over one set of weights. */
import { strict as assert } from 'node:assert';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { InferenceSession } from '../../src/inference';
import { GREEDY } from '../../src/shared/sampling';

const MODELS = fileURLToPath(new URL('../fixtures/reference/training/models', import.meta.url));
const OPTIONS = { ...GREEDY, maxNewTokens: 12, seed: 0 };

async function answer(session: InferenceSession): Promise<string> {
  let text = '';
  for await (const piece of session.answer(session.rawPromptOf('Say red.'), OPTIONS)) text += piece;
  return text;
}

describe('inference/session', () => {
  for (const name of ['llama', 'gemma2']) {
    it(`without its adapter answers as the model does that never had one (${name})`, async () => {
      const model = path.join(MODELS, name);
      const tuned = await InferenceSession.open({ model, adapter: path.join(model, 'adapter') });
      const plain = await InferenceSession.open({ model, adapter: undefined });
      try {
        const base = await tuned.withoutAdapter();
        const [withAdapter, withoutIt, never] = [await answer(tuned), await answer(base), await answer(plain)];
        assert.equal(withoutIt, never);
        assert.notEqual(withAdapter, never);
        // Each keeps its own tokens, so they can take turns.
        assert.equal(await answer(tuned), withAdapter);
        await base.release();
        assert.equal(await answer(tuned), withAdapter, 'releasing the base leaves the weights to the tuned one');
      } finally {
        await tuned.release();
        await plain.release();
      }
    });
  }
});
