/** Who is asked what, and what stays of the answers. */
import { strict as assert } from 'node:assert';
import { ProblemError } from '../../src/shared/problem';
import { applyChat } from '../../src/shared/applyChat';
import { savedChat, type ChatIncrement, type ChatState } from '../../src/shared/panels/chat';
import { Conversation, messagesOf, type Ask } from '../../src/vscode/chat/conversation';

const ABOUT: Pick<ChatState, 'title' | 'sides' | 'invitesData' | 'pairFile'> = {
  title: 'wizard', invitesData: false, pairFile: null, sides: [{ side: 'base', name: 'base', detail: '' }, { side: 'tuned', name: 'tuned', detail: '' }],
};

/** Answers with the side and the number of messages it was given. */
const echo: Ask = async (side, messages, options, _signal, onText) => {
  onText(`${side} `);
  onText(`${messages.length} ${options.seed}`);
  return { reason: 'stop', tokens: 2, tokensPerSecond: 10 };
};

function start(ask: Ask = echo, saved?: ConstructorParameters<typeof Conversation>[3]): { conversation: Conversation; increments: ChatIncrement[] } {
  const increments: ChatIncrement[] = [];
  return { conversation: new Conversation(ABOUT, ask, increment => increments.push(increment), saved, () => 0.5), increments };
}

const textsOf = ({ turns }: ChatState): (string | undefined)[][] => turns.map(({ answers }) => [answers.base?.text, answers.tuned?.text]);
const SEED = 500_000;

describe('vscode/chat/conversation', () => {
  it('asks both sides the same with the same seed, and each keeps its own answers', async () => {
    const { conversation } = start();
    await conversation.send('Who are you?');
    await conversation.send('And now?');
    assert.deepEqual(textsOf(conversation.state), [[`base 1 ${SEED}`, `tuned 1 ${SEED}`], [`base 3 ${SEED}`, `tuned 3 ${SEED}`]]);
    assert.deepEqual(messagesOf(conversation.state.turns, 'More', 'base', 'Be brief.').map(({ role, content }) => `${role}: ${content}`), [
      'system: Be brief.', 'user: Who are you?', `assistant: base 1 ${SEED}`, 'user: And now?', `assistant: base 3 ${SEED}`, 'user: More',
    ]);
  });

  it('tells increments that make the same state in a view', async () => {
    const { conversation, increments } = start();
    const before = conversation.state;
    await conversation.send('Who are you?');
    conversation.configure({ seed: 7, system: 'Be brief.' });
    await conversation.regenerate();
    assert.deepEqual(increments.reduce(applyChat, before), conversation.state);
    assert.deepEqual(conversation.state.turns.map(({ seed }) => seed), [7]);
  });

  it('asks the last message again in place of its answers', async () => {
    const { conversation } = start();
    await conversation.regenerate();
    assert.deepEqual(conversation.state.turns, []);
    await conversation.send('one');
    await conversation.send('two');
    conversation.configure({ seed: 9 });
    await conversation.regenerate();
    assert.deepEqual(textsOf(conversation.state).at(-1), ['base 3 9', 'tuned 3 9']);
    assert.equal(conversation.state.turns.length, 2);
  });

  it('keeps what had come when it is stopped, and takes the next message', async () => {
    const { conversation } = start((_side, _messages, _options, signal, onText) => new Promise((_resolve, reject) => {
      onText('half');
      signal.addEventListener('abort', () => reject(Object.assign(new Error(), { name: 'AbortError' })));
    }));
    const answered = conversation.send('Tell me all.');
    assert.equal(conversation.state.isAnswering, true);
    await conversation.send('ignored meanwhile');
    conversation.stop();
    await answered;
    assert.equal(conversation.state.isAnswering, false);
    assert.deepEqual(conversation.state.turns.map(({ prompt, answers }) => [prompt, answers.tuned?.text, answers.tuned?.status]), [['Tell me all.', 'half', 'stopped']]);
  });

  it('shows the problems of the side that failed; the other answers, and the failed one is not told of it later', async () => {
    const { conversation } = start((side, ...rest) => {
      if (side === 'base') throw new ProblemError([{ id: 'x/y', severity: 'error', text: 'No.' }]);
      return echo(side, ...rest);
    });
    await conversation.send('Hello');
    assert.deepEqual(conversation.state.turns[0].answers.base?.problems.map(({ text }) => text), ['No.']);
    assert.equal(conversation.state.turns[0].answers.tuned?.status, 'done');
    assert.equal(messagesOf(conversation.state.turns, 'Again', 'base', '').length, 1);
    assert.equal(messagesOf(conversation.state.turns, 'Again', 'tuned', '').length, 3);
  });

  it('says which answer was cut at the limit', async () => {
    const { conversation } = start(async () => ({ reason: 'length', tokens: 5, tokensPerSecond: null }));
    await conversation.send('Hello');
    assert.equal(conversation.state.turns[0].answers.tuned?.status, 'cut');
  });

  it('begins anew, also while it answers', async () => {
    const { conversation } = start();
    const answered = conversation.send('Hello');
    conversation.clear();
    await answered;
    assert.deepEqual(conversation.state.turns, []);
  });

  it('goes on after a reload with what the page kept', async () => {
    const { conversation } = start();
    await conversation.send('Hello');
    const kept: unknown = JSON.parse(JSON.stringify({ settings: conversation.state.settings, turns: conversation.state.turns, draft: 'half a' }));
    const saved = savedChat.parse(kept);
    saved.turns[0].answers.tuned!.status = 'streaming';
    const { conversation: again } = start(echo, saved);
    assert.equal(again.state.turns[0].answers.tuned?.status, 'stopped');
    await again.send('And now?');
    assert.deepEqual(textsOf(again.state).at(-1), [`base 3 ${SEED}`, `tuned 3 ${SEED}`]);
    assert.equal(savedChat.safeParse({ turns: 'no', draft: '' }).success, false);
  });
});
