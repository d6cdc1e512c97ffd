/** Conversations: OpenAI's {role, content} and ShareGPT's {from, value}, into system, earlier turns, prompt and answer. */
import { problemError } from '../shared/problem';
import type { Origin, TextRow, Turn } from './rows';

/** Names of the speakers in the wild, in lower case. */
const ROLES: Readonly<Record<string, 'system' | 'user' | 'assistant'>> = {
  system: 'system', user: 'user', human: 'user', assistant: 'assistant', gpt: 'assistant', chatgpt: 'assistant', bot: 'assistant', model: 'assistant',
};

interface Message {
  role: 'system' | 'user' | 'assistant';
  content: string;
}

/** What a conversation holds, without an answer of its own. */
export type Conversation = Pick<TextRow, 'system' | 'history' | 'prompt'>;

export function isMessage(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && (('role' in value && ('content' in value || 'tool_calls' in value)) || ('from' in value && 'value' in value));
}

/** A column that holds a conversation. */
export function isMessageList(value: unknown): value is Record<string, unknown>[] {
  return Array.isArray(value) && value.length > 0 && value.every(item => typeof item === 'object' && item !== null) && value.some(isMessage);
}

/** The last assistant turn is the answer; what follows it unanswered is left out and told to `onUnanswered`. */
export function splitConversation(list: unknown, origin: Origin, column: string, onUnanswered: () => void): Conversation & { chosen: string } {
  const messages = readMessages(list, origin, column);
  const last = messages.findLastIndex(message => message.role === 'assistant');
  if (last < 0) throw refuse('dataset/no-answer', 'The conversation has no assistant message, so there is nothing to learn.', origin, column, 'Remove the row, or add the answer.');
  if (last < messages.length - 1) onUnanswered();
  return { ...openConversation(messages.slice(0, last), origin, column), chosen: messages[last]!.content };
}

/** A conversation that waits for its answer: its last turn is the user's. */
export function readPrompt(list: unknown, origin: Origin, column: string): Conversation {
  return openConversation(readMessages(list, origin, column), origin, column);
}

/** One answer: text, a message, or a list whose last message is the answer. */
export function readAnswer(value: unknown, origin: Origin, column: string): string | undefined {
  if (value === null || value === undefined) return undefined;
  if (Array.isArray(value)) return readMessages(value, origin, column).at(-1)?.content;
  return isMessage(value) ? readMessages([value], origin, column)[0]?.content ?? '' : cellText(value, origin, column);
}

/** Text of a cell; numbers and booleans as JSON writes them. */
export function cellText(value: unknown, origin: Origin, column: string): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw refuse('dataset/not-text', `A ${Array.isArray(value) ? 'list' : 'nested object'} stands where text is needed.`, origin, column, 'Write text there, or map another column.');
}

function openConversation(messages: Message[], origin: Origin, column: string): Conversation {
  const start = messages.findIndex(message => message.role !== 'system');
  const turns = start < 0 ? [] : messages.slice(start);
  const late = turns.find(message => message.role === 'system');
  if (late) throw refuse('dataset/late-system', 'A system message stands after the first turn.', origin, column, 'Move it to the beginning, or remove it.');
  const last = turns.at(-1);
  if (!turns.some(turn => turn.role === 'user') || !last) {
    throw refuse('dataset/no-prompt', 'The conversation has no user message.', origin, column, 'Remove the row, or add the question.');
  }
  if (last.role !== 'user') throw refuse('dataset/no-prompt', 'The turn before the answer is not the user\'s.', origin, column, 'Remove the row, or correct the order of its messages.');
  const system = messages.slice(0, start).map(message => message.content).filter(text => text !== '').join('\n\n');
  return { system, history: turns.slice(0, -1) as Turn[], prompt: last.content };
}

function readMessages(list: unknown, origin: Origin, column: string): Message[] {
  if (!Array.isArray(list) || list.length === 0) throw refuse('dataset/empty-conversation', 'The list of messages is empty.', origin, column, 'Remove the row.');
  return list.flatMap((item: unknown) => {
    const message = (typeof item === 'object' && item !== null ? item : {}) as Record<string, unknown>;
    const name = message['role'] ?? message['from'];
    const role = typeof name === 'string' ? ROLES[name.toLowerCase()] : undefined;
    if (!role) {
      const tools = ['tool', 'function', 'function_call', 'observation'].includes(String(name).toLowerCase());
      throw refuse('dataset/unknown-role', `A message has the role ${JSON.stringify(name ?? null)}.`, origin, column,
        tools ? 'Tool calls cannot be trained by this version; remove the row.' : 'Use system, user (human) and assistant (gpt).');
    }
    if (message['tool_calls']) throw refuse('dataset/tool-calls', 'A message calls tools.', origin, column, 'Tool calls cannot be trained by this version; remove the row.');
    const content = contentText(message['content'] ?? message['value'], origin, column);
    return content === '' ? [] : [{ role, content }];
  });
}

/** Text, or the text parts of a list of parts. */
function contentText(content: unknown, origin: Origin, column: string): string {
  if (!Array.isArray(content)) return cellText(content, origin, column);
  return content.map((part: unknown) => {
    const { type, text } = (part ?? {}) as { type?: unknown; text?: unknown };
    if ((type === 'text' || type === undefined) && typeof text === 'string') return text;
    throw refuse('dataset/not-text', `A message has a part of type ${JSON.stringify(type ?? null)}.`, origin, column, 'Only text can be trained; remove the row.');
  }).join('');
}

export function refuse(id: string, text: string, origin: Origin, column: string, fix: string): Error {
  return problemError(id, text, { where: { ...origin, column }, fix: { text: fix } });
}
