/** A list of messages parted where training needs it: system, earlier turns, the prompt, its steps and the answer. */
import { cellText, isMessage, readMessages } from './messages';
import type { Message } from './messages';
import { refuse } from './refuse';
import type { Origin, TextRow, ToolCall, Turn } from './rows';

/** What a conversation holds, without an answer of its own. */
export type Conversation = Pick<TextRow, 'system' | 'history' | 'prompt' | 'steps'>;

export interface Answer {
  text: string;
  calls?: ToolCall[];
  reasoning?: string;
}

/** The last assistant turn is the answer; what follows it unanswered is left out and told to `onUnanswered`. */
export function splitConversation(list: unknown, origin: Origin, column: string, onUnanswered: () => void): { conversation: Conversation; answer: Answer } {
  const messages = readMessages(list, origin, column);
  const last = messages.findLastIndex(message => message.role === 'assistant');
  if (last < 0) throw refuse('dataset/no-answer', 'The conversation has no assistant message, so there is nothing to learn.', origin, column, 'Remove the row, or add the answer.');
  if (last < messages.length - 1) onUnanswered();
  return { conversation: openConversation(messages.slice(0, last), origin, column), answer: answerOf(messages[last]!) };
}

/** A conversation that waits for its answer: its last turn is the user's, or a tool's. */
export function readPrompt(list: unknown, origin: Origin, column: string): Conversation {
  return openConversation(readMessages(list, origin, column), origin, column);
}

/** One answer: text, a message, or a list whose last message is the answer. */
export function readAnswer(value: unknown, origin: Origin, column: string): Answer | undefined {
  if (value === null || value === undefined) return undefined;
  if (!Array.isArray(value) && !isMessage(value)) return { text: cellText(value, origin, column) };
  const last = readMessages(Array.isArray(value) ? value : [value], origin, column).at(-1);
  return last === undefined ? { text: '' } : answerOf(last);
}

/** Refuses a pair of whole conversations that part before their last message: then no prompt is common to both answers. */
export function checkCommonPrompt(chosen: unknown, rejected: unknown, origin: Origin, column: string): void {
  const before = [chosen, rejected].map(list => readMessages(list, origin, column).filter(({ role }) => role !== 'system').slice(0, -1));
  const [first, second] = before as [Message[], Message[]];
  const parts = first.findIndex((message, at) => JSON.stringify(message) !== JSON.stringify(second[at]));
  if (parts < 0 && first.length === second.length) return;
  throw refuse('dataset/no-common-prompt', `The chosen and the rejected conversation part at message ${(parts < 0 ? first.length : parts) + 1}, before their last answers (messages ${first.length + 1} and ${second.length + 1}), so they answer different prompts.`,
    origin, column, 'Remove the row, or end both conversations at the first answer that differs.');
}

function answerOf({ content, calls, reasoning }: Message): Answer {
  return { text: content, ...(calls === undefined ? {} : { calls }), ...(reasoning === undefined ? {} : { reasoning }) };
}

function openConversation(messages: Message[], origin: Origin, column: string): Conversation {
  const start = messages.findIndex(message => message.role !== 'system');
  const turns = start < 0 ? [] : messages.slice(start);
  if (turns.some(message => message.role === 'system')) {
    throw refuse('dataset/late-system', 'A system message stands after the first turn.', origin, column, 'Move it to the beginning, or remove it.');
  }
  const asked = turns.findLastIndex(turn => turn.role === 'user');
  if (asked < 0) throw refuse('dataset/no-prompt', 'The conversation has no user message.', origin, column, 'Remove the row, or add the question.');
  if (turns.at(-1)!.role === 'assistant') throw refuse('dataset/no-prompt', 'The turn before the answer is not the user\'s.', origin, column, 'Remove the row, or correct the order of its messages.');
  const steps = turns.slice(asked + 1) as Turn[];
  return {
    system: messages.slice(0, start).map(message => message.content).filter(text => text !== '').join('\n\n'),
    history: turns.slice(0, asked) as Turn[],
    prompt: turns[asked]!.content,
    ...(steps.length === 0 ? {} : { steps }),
  };
}
