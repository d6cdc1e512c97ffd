/** The seam between rows and text: each formatter turns one row into the texts that are tokenised. */
import type { FormatRow, FormattedRow, Turn } from '../rows';

export interface DatasetFormatter {
  /** The recipe's format_type. */
  readonly name: string;
  /** Text that ends a response ("<|im_end|>"); undefined where the format has none of its own. */
  readonly stopText: string | undefined;
  /** Throws ProblemError where this row cannot be put into the format. */
  format(row: FormatRow): FormattedRow;
}

/** Turns before the response: history, then the prompt as the user's. */
export function turnsOf(row: FormatRow): Turn[] {
  return [...(row.history ?? []), { role: 'user', content: row.prompt ?? '' }];
}

/** A blank system message is left out everywhere. */
export function systemOf(row: FormatRow): string | undefined {
  return hasText(row.system) ? row.system : undefined;
}

export function hasText(text: string | undefined | null): text is string {
  return text !== undefined && text !== null && text.trim() !== '';
}

/** Reasoning as a think block before the answer; the answer alone where there is none. */
export function withReasoning(row: FormatRow, answer: string): string {
  return hasText(row.reasoning) ? `<think>\n${row.reasoning}\n</think>\n\n${answer}` : answer;
}
