/** One list of messages, OpenAI's {role, content} or ShareGPT's {from, value}, read into turns. */
import { refuse } from './refuse';
import type { Origin, Turn } from './rows';
import { readCalls } from './toolCalls';

/** Names of the speakers in the wild, in lower case. */
const ROLES: Readonly<Record<string, Message['role'] | 'call'>> = {
  system: 'system', user: 'user', human: 'user', assistant: 'assistant', gpt: 'assistant', chatgpt: 'assistant', bot: 'assistant', model: 'assistant',
  tool: 'tool', function: 'tool', observation: 'tool', function_call: 'call',
};
/** Names of a message's reasoning, as chat templates know them. */
const REASONING = ['reasoning_content', 'thinking', 'reasoning'];

export type Message = Omit<Turn, 'role'> & { role: Turn['role'] | 'system' };

export function isMessage(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && (('role' in value && ('content' in value || 'tool_calls' in value)) || ('from' in value && 'value' in value));
}

/** A column that holds a conversation. */
export function isMessageList(value: unknown): value is Record<string, unknown>[] {
  return Array.isArray(value) && value.length > 0 && value.every(item => typeof item === 'object' && item !== null) && value.some(isMessage);
}

/** Messages without a text and a call are left out. ShareGPT's function_call becomes an assistant's call. */
export function readMessages(list: unknown, origin: Origin, column: string): Message[] {
  if (!Array.isArray(list) || list.length === 0) throw refuse('dataset/empty-conversation', 'The list of messages is empty.', origin, column, 'Remove the row.');
  return list.map((item: unknown) => readMessage(item, origin, column)).filter(({ content, calls }) => content !== '' || calls !== undefined);
}

function readMessage(item: unknown, origin: Origin, column: string): Message {
  const message = (typeof item === 'object' && item !== null ? item : {}) as Record<string, unknown>;
  const name = message['role'] ?? message['from'];
  const role = typeof name === 'string' ? ROLES[name.toLowerCase()] : undefined;
  if (!role) {
    throw refuse('dataset/unknown-role', `A message has the role ${JSON.stringify(name ?? null)}.`, origin, column, 'Use system, user (human), assistant (gpt) and tool (observation).');
  }
  const value = message['content'] ?? message['value'];
  if (role === 'call') return { role: 'assistant', content: '', calls: readCalls(value, origin, column) };
  const calls = role === 'assistant' ? message['tool_calls'] ?? message['function_call'] : undefined;
  const reasoning = role === 'assistant' ? REASONING.map(key => message[key]).find(text => typeof text === 'string' && text.trim() !== '') : undefined;
  return {
    role,
    content: contentText(value, origin, column),
    ...(typeof reasoning === 'string' ? { reasoning } : {}),
    ...(calls === undefined || calls === null || (Array.isArray(calls) && calls.length === 0) ? {} : { calls: readCalls(calls, origin, column) }),
    ...(role === 'tool' && typeof message['name'] === 'string' ? { name: message['name'] } : {}),
    ...(role === 'tool' && typeof message['tool_call_id'] === 'string' ? { callId: message['tool_call_id'] } : {}),
  };
}

/** Text of a cell; numbers and booleans as JSON writes them. */
export function cellText(value: unknown, origin: Origin, column: string): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw refuse('dataset/not-text', `A ${Array.isArray(value) ? 'list' : 'nested object'} stands where text is needed.`, origin, column, 'Write text there, or map another column.');
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
