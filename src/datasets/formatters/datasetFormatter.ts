/** The seam between rows and text: each formatter turns one row into the texts that are tokenised. */
import { problemError } from '../../shared/problem';
import type { TextRange } from '../../models';
import type { FormatRow, FormattedRow, Turn } from '../rows';

export interface DatasetFormatter {
  /** The recipe's format_type. */
  readonly name: string;
  /** Text that ends a response ("<|im_end|>"); undefined where the format has none of its own. */
  readonly stopText: string | undefined;
  /** The text is whole: a BOS that it does not have is not added, as transformers adds none to what a chat template renders. */
  readonly isWholeText?: boolean;
  /** Throws ProblemError where this row cannot be put into the format. */
  format(row: FormatRow): FormattedRow;
}

/** Turns before the response: history, then the prompt as the user's, then the steps that tools made. */
export function turnsOf(row: FormatRow): Turn[] {
  return [...(row.history ?? []), { role: 'user', content: row.prompt ?? '' }, ...(row.steps ?? [])];
}

/** The same for formats of fixed text: how tools are called differs from model to model, so such rows are refused. */
export function plainTurns(row: FormatRow, format: string): Turn[] {
  const turns = turnsOf(row);
  if (usesTools(row)) {
    throw problemError('dataset/tools-need-template', `The row calls tools, and format "${format}" has no way to write that: each model family has its own.`,
      { fix: { text: 'Use format "tokenizer" with a model whose chat template knows tools.', set: { key: 'dataset.format.format_type', value: 'tokenizer' } } });
  }
  return turns;
}

/** Refuses a row with earlier turns, for formats that would lose them. */
export function singlePrompt(row: FormatRow, format: string): string {
  const turns = plainTurns(row, format);
  if (turns.length > 1) {
    throw problemError('dataset/turns-lost', `The row has ${turns.length - 1} earlier turns, and format "${format}" writes the last prompt only.`,
      { fix: { text: 'Use format "tokenizer" or another that writes conversations.', set: { key: 'dataset.format.format_type', value: 'tokenizer' } } });
  }
  return row.prompt ?? '';
}

export function usesTools(row: FormatRow): boolean {
  return [row.tools, row.chosenCalls, row.rejectedCalls].some(list => list !== undefined) || turnsOf(row).some(turn => turn.role === 'tool' || turn.calls !== undefined);
}

/** One turn as a format writes it; `text` is what the speaker says, its stop included. */
export interface TurnText { before: string; text: string; after: string }

/** Turns written one after another, the opening of the response behind them, with the ranges of the assistant's answers. */
export function writeTurns(turns: readonly Turn[], write: (turn: Turn) => TurnText, opening: string, start = ''): Pick<FormattedRow, 'prompt' | 'answers'> {
  const answers: TextRange[] = [];
  let prompt = start;
  for (const turn of turns) {
    const { before, text, after } = write(turn);
    prompt += before;
    if (turn.role === 'assistant') answers.push({ start: prompt.length, end: prompt.length + text.length });
    prompt += text + after;
  }
  return { prompt: prompt + opening, ...(answers.length === 0 ? {} : { answers }) };
}

/** With the response itself as the last of the answers. */
export function withLastAnswer<T extends FormattedRow>(row: T): T {
  return row.answers === undefined ? row : { ...row, answers: [...row.answers, { start: row.prompt.length, end: row.prompt.length + row.chosen.trimEnd().length }] };
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
