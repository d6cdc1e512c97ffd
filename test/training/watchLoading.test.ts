import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { openModel } from '../../src/models';
import type { NewEvent } from '../../src/training/eventLog';
import { watchLoading } from '../../src/training/watchLoading';
import { HubServer } from '../models/hubServer';
import { modelFolder } from '../models/support';

const FILES = ['config.json', 'tokenizer.json', 'tokenizer_config.json', 'model.safetensors'];

describe('training/watchLoading', () => {
  const id = 'tiny/llama';
  const cacheDir = mkdtempSync(path.join(tmpdir(), 'merlina-watched-'));
  let server: HubServer;
  before(async () => {
    server = new HubServer(id, new Map(FILES.map(name => [name, readFileSync(path.join(modelFolder('llama'), name))])));
    await server.start();
  });
  after(async () => {
    await server.stop();
    rmSync(cacheDir, { recursive: true, force: true });
  });

  it('breaks a download off when the run is to stop, and goes on with it the next time, saying how far it is', async () => {
    const events: NewEvent[] = [];
    const sink = { emit: (event: NewEvent) => { events.push(event); } };
    const options = { endpoint: server.endpoint, cacheDir, retryDelayMs: 1, token: '' };
    const open = (stop: string | undefined) => watchLoading('loading_model', sink, { requested: () => stop }, hub => openModel(id, { ...options, ...hub }));
    assert.equal(await open('test'), undefined);
    const model = await open(undefined);
    assert.equal(model?.config.model_type, 'llama');
    const messages = events.map(event => ('message' in event ? String(event.message) : ''));
    assert.match(messages[0], /^Downloading \S+: \d+ % of 1 MB\.$/);
    assert.match(messages.at(-1)!, /: 100 % of 1 MB\.$/);
  });

  it('says what else takes long, and breaks that off too', async () => {
    const events: NewEvent[] = [];
    const sink = { emit: (event: NewEvent) => { events.push(event); } };
    const read = (stop: string | undefined) => watchLoading('loading_dataset', sink, { requested: () => stop }, async ({ signal }, show) => {
      show('Read 10 rows.');
      signal.throwIfAborted();
      return 'rows';
    });
    assert.equal(await read(undefined), 'rows');
    assert.equal(await read('control file'), undefined);
    assert.deepEqual(events.map(event => [event.type, 'message' in event && event.message]), [['status_update', 'Read 10 rows.'], ['status_update', 'Read 10 rows.']]);
  });
});
