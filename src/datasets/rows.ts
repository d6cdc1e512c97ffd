/** A dataset's rows on their way to tokens: as read, as text with known columns, as formatted text. */

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

export interface Turn {
  role: 'user' | 'assistant';
  content: string;
}

/** One row with known columns. `history` holds the turns before `prompt`, oldest first. */
export interface TextRow {
  system: string;
  history: Turn[];
  prompt: string;
  chosen: string;
  rejected?: string;
  reasoning?: string;
  /** kto: whether `chosen` is a good answer. */
  label?: boolean;
  origin: Origin;
}

/** What a formatter takes; every column may be missing. */
export type FormatRow = Partial<Pick<TextRow, 'system' | 'history' | 'prompt' | 'chosen' | 'rejected' | 'reasoning'>>;

/** What a formatter gives: the model reads `prompt` and learns to write a response. */
export interface FormattedRow {
  prompt: string;
  chosen: string;
  rejected: string;
}
