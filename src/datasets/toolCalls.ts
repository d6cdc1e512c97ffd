/** Calls of tools and the tools themselves, from the forms they have in the wild into OpenAI's. */
import { refuse } from './refuse';
import type { Origin, ToolCall } from './rows';

/** A call, a list of calls, or either as JSON: {function: {name, arguments}} or {name, arguments}, the arguments an object or its JSON. */
export function readCalls(value: unknown, origin: Origin, column: string): ToolCall[] {
  const parsed = fromJson(value);
  return (Array.isArray(parsed) ? parsed : [parsed]).map(call => readCall(call, origin, column));
}

function readCall(value: unknown, origin: Origin, column: string): ToolCall {
  const call = isRecord(value) ? value : {};
  const named = isRecord(call['function']) ? call['function'] : call;
  if (typeof named['name'] !== 'string' || named['name'] === '') {
    throw refuse('dataset/tool-call', `A call of a tool has no name: ${JSON.stringify(value)?.slice(0, 80)}.`, origin, column, 'Write it as {"name": "…", "arguments": {…}}.');
  }
  return {
    ...(typeof call['id'] === 'string' ? { id: call['id'] } : {}),
    type: 'function',
    function: { name: named['name'], arguments: fromJson(named['arguments'] ?? named['parameters'] ?? {}) },
  };
}

/** The tools of a row as OpenAI lists them; bare functions are wrapped. Undefined where there are none. */
export function readTools(value: unknown, origin: Origin, column: string): unknown[] | undefined {
  if (value === null || value === undefined || value === '') return undefined;
  const tools = fromJson(value);
  if (!Array.isArray(tools) || !tools.every(isRecord)) {
    throw refuse('dataset/tools', `The tools are ${JSON.stringify(value).slice(0, 80)}, no list of functions.`, origin, column, 'Write a list such as [{"type": "function", "function": {"name": "…", "parameters": {…}}}].');
  }
  if (tools.length === 0) return undefined;
  return tools.map(tool => ('function' in tool || !('name' in tool) ? tool : { type: 'function', function: tool }));
}

/** Name of a tool in readTools' form. */
export function toolName(tool: unknown): string | undefined {
  const named = isRecord(tool) && isRecord(tool['function']) ? tool['function']['name'] : undefined;
  return typeof named === 'string' ? named : undefined;
}

/** JSON text as its value; any other value, and text that is no JSON, as it is. */
function fromJson(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  try {
    return JSON.parse(value) as unknown;
  } catch {
    return value;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
