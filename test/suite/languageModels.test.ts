/** Models offered to VS Code's own chat, through an `lm` that the test plays. */
import { strict as assert } from 'node:assert';
import { CancellationTokenSource, Disposable, LanguageModelTextPart } from 'vscode';
import { registerLanguageModels, type ModelProvider } from '../../src/vscode/languageModels';
import { openJobsHost, type JobsHost } from './jobsHost';

const USER = 1;
const ASSISTANT = 2;
const SYSTEM = 3;
const message = (role: number, ...texts: string[]) => ({ role, content: [...texts.map(text => new LanguageModelTextPart(text)), { mimeType: 'image/png' }] });

describe('language models', () => {
  let jobs: JobsHost;
  let vendor: string;
  let provider: ModelProvider;
  const { token } = new CancellationTokenSource();
  beforeEach(async () => {
    jobs = await openJobsHost();
    registerLanguageModels(jobs.host, { registerLanguageModelChatProvider: (name, given) => {
      [vendor, provider] = [name, given];
      return new Disposable(() => {});
    } });
  });
  afterEach(() => jobs.close());

  it('are not offered where VS Code takes none', () => assert.deepEqual(registerLanguageModels(jobs.host, {}), []));

  it('are the apprentice and what was trained, with the room they have', async () => {
    assert.equal(vendor, 'merlina');
    const [apprentice] = await provider.provideLanguageModelChatInformation({ silent: true }, token);
    assert.equal(apprentice?.name, 'The apprentice');
    assert.ok(apprentice.maxInputTokens > 0 && apprentice.maxInputTokens + apprentice.maxOutputTokens <= 4096, JSON.stringify(apprentice));
    let changes = 0;
    provider.onDidChangeLanguageModelChatInformation(() => changes++);
    jobs.changed.fire(['job_1']);
    assert.equal(changes, 1);
  });

  it('stream what the service answers', async () => {
    const [apprentice] = await provider.provideLanguageModelChatInformation({ silent: true }, token);
    jobs.answers.answerChat = (_params, { onProgress }) => {
      for (const text of ['I am ', 'the apprentice.']) onProgress?.(text as never);
      return { reason: 'stop', tokens: 5, promptTokens: 9, tokensPerSecond: 10 };
    };
    const parts: string[] = [];
    await provider.provideLanguageModelChatResponse(apprentice!, [message(SYSTEM, 'Be brief.'), message(USER, 'Who ', 'are you?'), message(ASSISTANT, 'I?')], {}, { report: part => parts.push(part.value) }, token);
    assert.deepEqual(parts, ['I am ', 'the apprentice.']);
    const { messages, adapter, isBase } = jobs.calls[0]!.params as { messages: unknown; adapter: null; isBase: boolean };
    assert.deepEqual(messages, [{ role: 'system', content: 'Be brief.' }, { role: 'user', content: 'Who are you?' }, { role: 'assistant', content: 'I?' }]);
    assert.deepEqual([adapter, isBase], [null, false]);
  });

  it('end quietly when the user stops them, and say what went wrong otherwise', async () => {
    const [apprentice] = await provider.provideLanguageModelChatInformation({ silent: true }, token);
    const source = new CancellationTokenSource();
    jobs.answers.answerChat = (_params, { signal }) => new Promise((_resolve, reject) => signal?.addEventListener('abort', () => reject(new Error('aborted'))));
    const answer = provider.provideLanguageModelChatResponse(apprentice!, [message(USER, 'Hi')], {}, { report: () => {} }, source.token);
    await new Promise(resolve => setTimeout(resolve, 10));
    source.cancel();
    await answer;
    jobs.answers.answerChat = () => { throw new Error('The prompt has 9000 tokens.'); };
    await assert.rejects(provider.provideLanguageModelChatResponse(apprentice!, [message(USER, 'Hi')], {}, { report: () => {} }, token), /9000 tokens/);
    await assert.rejects(provider.provideTokenCount({ ...apprentice!, id: '/gone', name: 'gone' }, 'x', token), /gone is not there any more/);
  });

  it('count tokens of texts and messages', async () => {
    const [apprentice] = await provider.provideLanguageModelChatInformation({ silent: true }, token);
    jobs.answers.countTokens = ({ text }: { text: string }) => text.length;
    assert.equal(await provider.provideTokenCount(apprentice!, 'four', token), 4);
    assert.equal(await provider.provideTokenCount(apprentice!, message(USER, 'Who', '?'), token), 4);
  });
});
