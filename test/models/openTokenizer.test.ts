import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openTokenizer } from '../../src/models';
import { HubServer } from './hubServer';
import { modelFolder, problemOf, temporaryFolder } from './support';

describe('openTokenizer', () => {
  it('opens a folder that holds a tokenizer and no model', async () => {
    const { name, tokenizer, chatTemplate } = await openTokenizer('test/fixtures/text/tokenizers/smollm2');
    assert.equal(name, 'test/fixtures/text/tokenizers/smollm2');
    assert.equal(tokenizer.eos?.text, '<|im_end|>');
    assert.match(chatTemplate!, /im_start/);
  });

  it('opens a GGUF file', async () => {
    assert.ok((await openTokenizer('test/fixtures/reference/training/gguf/llama-q8_0.gguf')).tokenizer.vocabularySize > 0);
  });

  it('says when a folder has none', async () => {
    assert.equal((await problemOf(() => openTokenizer('test/fixtures/jobs'))).id, 'models/not-a-model');
    assert.equal((await problemOf(() => openTokenizer('./nowhere'))).id, 'models/no-such-model');
  });

  describe('from the hub', () => {
    const folder = temporaryFolder();
    const names = ['config.json', 'tokenizer.json', 'tokenizer_config.json', 'chat_template.jinja', 'model.safetensors.index.json', 'model-00001-of-00002.safetensors'];
    let server: HubServer;
    beforeEach(async () => {
      server = new HubServer('tiny/mistral', new Map(names.map(name => [name, readFileSync(join(modelFolder('mistral'), name))])));
      await server.start();
    });
    afterEach(() => server.stop());

    it('brings the texts and no weights, and finds them again offline', async () => {
      const options = { cacheDir: join(folder, 'cache'), endpoint: server.endpoint, retryDelayMs: 1 };
      const { tokenizer } = await openTokenizer('tiny/mistral', options);
      assert.ok(tokenizer.vocabularySize > 0);
      assert.deepEqual(server.transfers.filter(name => name.endsWith('.safetensors')), []);
      server.requests.length = 0;
      assert.equal((await openTokenizer('tiny/mistral', { ...options, isOffline: true })).tokenizer.vocabularySize, tokenizer.vocabularySize);
      assert.deepEqual(server.requests, []);
      assert.equal((await problemOf(() => openTokenizer('tiny/mistral', { ...options, cacheDir: join(folder, 'other'), isOffline: true }))).id, 'models/offline');
    });
  });
});
