/** A dataset's rows on their way to tokens: as read, as text with known columns, as formatted text. */

import type { TextRange } from '../models';

/** Where a row came from, so that any later stage can say so. */
export interface Origin {
  file: string;
  /** First line of the row in the file, from 1; absent where a file has no lines. */
  line?: number;
  /** From 0, as in the file. */
  row: number;
}

/** One row as its file has it. */
export interface RawRow {
  cells: Record<string, unknown>;
  origin: Origin;
}

/** A call of a tool as OpenAI writes it, arguments parsed. */
export interface ToolCall {
  id?: string;
  type: 'function';
  function: { name: string; arguments: unknown };
}

/** What a turn holds beside its text; only an assistant's turn has reasoning and calls. */
export interface Turn {
  role: 'user' | 'assistant' | 'tool';
  content: string;
  reasoning?: string;
  calls?: ToolCall[];
  /** tool: the function whose result it is, and the call it answers. */
  name?: string;
  callId?: string;
}

/** One row with known columns. `history` holds the turns before `prompt`, oldest first. */
export interface TextRow {
  system: string;
  history: Turn[];
  prompt: string;
  /** Calls of tools and their results between the prompt and the answer. */
  steps?: Turn[];
  chosen: string;
  rejected?: string;
  /** Calls of tools that the answers make. */
  chosenCalls?: ToolCall[];
  rejectedCalls?: ToolCall[];
  reasoning?: string;
  /** What the model may call: OpenAI's list of functions. */
  tools?: unknown[];
  /** kto: whether `chosen` is a good answer. */
  label?: boolean;
  /** `chosen` is running text without a prompt, learnt whole. */
  isPlainText?: true;
  origin: Origin;
}

/** What a formatter takes; every column may be missing. */
export type FormatRow = Partial<Omit<TextRow, 'origin' | 'label'>>;

/** What a formatter gives: the model reads `prompt` and learns to write a response. */
export interface FormattedRow {
  prompt: string;
  chosen: string;
  rejected: string;
  /** Where the assistant speaks in prompt + chosen, stop tokens included, in order; absent where that is `chosen` alone. */
  answers?: TextRange[];
  /** Earlier answers whose place in the text cannot be told, so that they are not among `answers`. */
  unplacedAnswers?: number;
}
