/** One row's cells by the names of its shape: columns renamed, and read into text. */
import { problemError } from '../shared/problem';
import type { Problem } from '../shared/problem';
import { checkCommonPrompt, readAnswer, readPrompt, splitConversation } from './conversation';
import type { Answer } from './conversation';
import { cellText, isMessageList } from './messages';
import { refuse } from './refuse';
import type { RawRow, TextRow, Turn } from './rows';
import type { ColumnName, RowShape } from './shape';
import { readTools } from './toolCalls';
import { isTranscript, readTranscript } from './transcripts';

/** The row with its columns renamed: {"question": "prompt"}. A name that is taken already is a Problem. */
export function mapColumns(row: RawRow, mapping: Readonly<Record<string, string>> | null | undefined): RawRow {
  if (!mapping || Object.keys(mapping).length === 0) return row;
  const cells: Record<string, unknown> = {};
  for (const [column, value] of Object.entries(row.cells)) {
    const target = mapping[column] ?? column;
    if (target in cells || (target !== column && target in row.cells && (mapping[target] ?? target) === target)) {
      throw problemError('dataset/column-taken', `Column "${column}" is to become "${target}", but the row already has a column of that name.`,
        { where: { ...row.origin, column }, fix: { text: `Map "${target}" to another name as well, or take "${column}" out of dataset.column_mapping.` } });
    }
    cells[target] = value;
  }
  return { ...row, cells };
}

/** One row by the shape. Throws ProblemError naming the row; `note` takes what is worth a warning. */
export function readRow(row: RawRow, shape: RowShape, note: (problem: Problem) => void): TextRow {
  const { origin } = row;
  const { columns } = shape;
  const cell = (name: ColumnName): unknown => {
    const value = columns[name] === undefined ? undefined : row.cells[columns[name]];
    return shape.name === 'transcript' && name !== 'system' && isTranscript(value) ? readTranscript(value) : value;
  };
  const text = (name: ColumnName): string | undefined => {
    const value = cell(name);
    return value === undefined || value === null ? undefined : cellText(value, origin, columns[name]!);
  };
  if (columns.text !== undefined && shape.name === 'text') return { system: '', history: [], prompt: '', chosen: text('text') ?? '', isPlainText: true, origin };

  const { conversation, chosen } = conversationOf(shape, cell, text, row, note);
  const rejected = readAnswer(cell('rejected'), origin, columns.rejected ?? '');
  const system = text('system');
  const reasoning = text('reasoning') ?? chosen?.reasoning;
  const tools = readTools(cell('tools'), origin, columns.tools ?? '');
  const label = readLabel(cell('label'), row, columns.label ?? '');
  return {
    ...conversation,
    ...(system === undefined || (system.trim() === '' && conversation.system !== '') ? {} : { system }),
    chosen: chosen?.text ?? '',
    origin,
    ...(chosen?.calls === undefined ? {} : { chosenCalls: chosen.calls }),
    ...(rejected === undefined ? {} : { rejected: rejected.text }),
    ...(rejected?.calls === undefined ? {} : { rejectedCalls: rejected.calls }),
    ...(reasoning === undefined ? {} : { reasoning }),
    ...(tools === undefined ? {} : { tools }),
    ...(label === undefined ? {} : { label }),
  };
}

type Conversation = Pick<TextRow, 'system' | 'history' | 'prompt' | 'steps'>;

function conversationOf({ columns, name }: RowShape, cell: (name: ColumnName) => unknown, text: (name: ColumnName) => string | undefined, { origin }: RawRow, note: (problem: Problem) => void):
  { conversation: Conversation; chosen: Answer | undefined } {
  const column = columns.conversation ?? (name === 'transcript' ? columns.text : undefined);
  if (column !== undefined) {
    if (columns.prompt !== undefined) {
      note({ id: 'dataset/column-overwritten', severity: 'warning', text: `Column "${columns.prompt}" is not used: the prompt comes from "${column}".`, where: { ...origin, column: columns.prompt } });
    }
    const list = cell(columns.conversation === undefined ? 'text' : 'conversation');
    const chosen = readAnswer(cell('chosen'), origin, columns.chosen ?? '');
    if (chosen !== undefined) return { conversation: readPrompt(list, origin, column), chosen };
    const { conversation, answer } = splitConversation(list, origin, column, () =>
      note({ id: 'dataset/unanswered', severity: 'warning', text: 'The conversation ends without an answer; the last question is left out.', where: { ...origin, column } }));
    return { conversation, chosen: answer };
  }
  const chosen = cell('chosen');
  if (isMessageList(chosen) && chosen.length > 1) {
    const { conversation, answer } = splitConversation(chosen, origin, columns.chosen!, () => undefined);
    const rejected = cell('rejected');
    if (isMessageList(rejected) && rejected.length > 1) checkCommonPrompt(chosen, rejected, origin, columns.rejected!);
    return { conversation, chosen: answer };
  }
  const answer = readAnswer(chosen, origin, columns.chosen ?? '');
  const prompt = cell('prompt');
  if (isMessageList(prompt)) return { conversation: readPrompt(prompt, origin, columns.prompt!), chosen: answer };
  const [asked, input] = [text('prompt') ?? '', text('input')];
  return { conversation: { system: '', history: readHistory(cell('history'), origin, columns.history ?? ''), prompt: input ? `${asked}\n${input}` : asked }, chosen: answer };
}

/** Alpaca's earlier rounds: [["question", "answer"], …]; anything else is another column of that name. */
function readHistory(value: unknown, origin: TextRow['origin'], column: string): Turn[] {
  if (!Array.isArray(value) || !value.every(round => Array.isArray(round) && round.length === 2)) return [];
  return (value as [unknown, unknown][]).flatMap(([asked, answered]): Turn[] =>
    [{ role: 'user', content: cellText(asked, origin, column) }, { role: 'assistant', content: cellText(answered, origin, column) }]);
}

const LABELS = new Map<unknown, boolean>([[true, true], [false, false], [1, true], [0, false], ['true', true], ['false', false], ['1', true], ['0', false]]);

function readLabel(value: unknown, row: RawRow, column: string): boolean | undefined {
  if (value === undefined || value === null) return undefined;
  const label = LABELS.get(typeof value === 'string' ? value.toLowerCase() : value);
  if (label === undefined) throw refuse('dataset/label', `The label is ${JSON.stringify(value)}, neither true nor false.`, row.origin, column, 'Write true for good answers and false for bad ones.');
  return label;
}
