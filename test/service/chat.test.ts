/** Models that are talked to, asked as the host asks. */
import { strict as assert } from 'node:assert';
import path from 'node:path';
import { ROOT } from '../../scripts/ensureInstalled.mjs';
import { Answerer, Caller, type AnswerMessage, type CallMessage } from '../../src/shared/calls';
import { GREEDY } from '../../src/shared/sampling';
import { serviceContract, type ServiceContract } from '../../src/service/contract';
import { handlers } from '../../src/service/handlers';

const APPRENTICE = path.join(ROOT, 'media/apprentice');
const LLAMA = path.join(ROOT, 'test/fixtures/reference/training/models/llama');
const OPTIONS = { ...GREEDY, maxNewTokens: 40, seed: 0 };

/** Caller and service in one process, by messages that were JSON on the way. */
function connect(): Caller<ServiceContract> {
  const post = (message: AnswerMessage): void => void caller.receive(JSON.parse(JSON.stringify(message)));
  const answerer = new Answerer(serviceContract, handlers, post, error => assert.fail(String(error)));
  const caller = new Caller<ServiceContract>((message: CallMessage) => void answerer.receive(JSON.parse(JSON.stringify(message))));
  return caller;
}

describe('service/chat', () => {
  it('opens a model and says what it takes', async () => {
    const opened = await connect().call('openChatModel', { model: APPRENTICE, adapter: null });
    assert.ok(opened.maxLength > 100 && opened.memoryBytes > 1e7, JSON.stringify(opened));
    assert.equal(opened.hasTemplate, true);
  });

  it('streams an answer piece by piece, and measures it', async () => {
    const pieces: string[] = [];
    const end = await connect().call('answerChat', { model: APPRENTICE, adapter: null, isBase: false, messages: [{ role: 'user', content: 'Who are you?' }], options: OPTIONS }, { onProgress: text => pieces.push(text) });
    assert.match(pieces.join(''), /apprentice/);
    assert.ok(pieces.length > 5);
    assert.equal(end.reason, 'stop');
    assert.ok(end.tokens >= pieces.length - 1 && end.promptTokens > 0 && end.tokensPerSecond! > 0, JSON.stringify(end));
  });

  it('breaks an answer off, and gives the next one', async () => {
    const caller = connect();
    const controller = new AbortController();
    const ask = (signal?: AbortSignal, onProgress = (_: string): void => {}) =>
      caller.call('answerChat', { model: APPRENTICE, adapter: null, isBase: false, messages: [{ role: 'user', content: 'Tell me a story.' }], options: OPTIONS }, { ...(signal && { signal }), onProgress });
    await assert.rejects(ask(controller.signal, () => controller.abort()), { name: 'AbortError' });
    assert.ok((await ask()).tokens > 1);
  });

  it('answers as base and as tuned at once', async () => {
    const answer = async (isBase: boolean): Promise<string> => {
      let text = '';
      await connect().call('answerChat', { model: LLAMA, adapter: path.join(LLAMA, 'adapter'), isBase, messages: [{ role: 'user', content: 'Say red.' }], options: OPTIONS }, { onProgress: piece => { text += piece; } });
      return text;
    };
    const [base, tuned] = await Promise.all([answer(true), answer(false)]);
    assert.notEqual(base, tuned);
  });

  it('counts tokens', async () => {
    assert.ok(await connect().call('countTokens', { model: APPRENTICE, adapter: null, text: 'Who are you?' }) >= 3);
  });

  it('refuses what is no model', async () => {
    const caller = connect();
    await assert.rejects(caller.call('openChatModel', { model: path.join(ROOT, 'test'), adapter: null }), /config\.json/);
    await assert.rejects(caller.call('openChatModel', { model: null, adapter: null }), /No model is named/);
  });
});

describe('service/doctor', () => {
  it('examines the machine', async () => {
    const report = await connect().call('examine', { folder: ROOT, program: [['Merlina', '0.1.0']] });
    assert.match(report, /\| Merlina \| 0\.1\.0 \|[\s\S]*\| onnxruntime \|/);
  });
});
