/** Which columns a dataset has and what they mean, decided over many rows; and one row read by that. */
import { problemError } from '../shared/problem';
import type { Problem } from '../shared/problem';
import { cellText, isMessageList, readAnswer, readPrompt, refuse, splitConversation } from './messages';
import type { RawRow, TextRow } from './rows';

export type ColumnName = 'prompt' | 'chosen' | 'rejected' | 'system' | 'reasoning' | 'input' | 'label' | 'conversation';

/** Other names of a column, as Merlina maps them; the first found counts. */
const SYNONYMS: Readonly<Record<ColumnName, readonly string[]>> = {
  prompt: ['prompt', 'instruction', 'question'],
  chosen: ['chosen', 'output', 'response', 'answer', 'completion'],
  rejected: ['rejected'],
  system: ['system', 'system_prompt'],
  reasoning: ['reasoning', 'thinking', 'thought', 'think'],
  input: ['input'],
  label: ['label'],
  conversation: ['messages', 'conversations', 'conversation'],
};

/** Rows looked at before the shape is said. */
export const SHAPE_ROWS = 200;

export interface Shape {
  /** "columns", "alpaca", "sharegpt", "sharegpt_ranking", "messages" or "unpaired", for people. */
  name: string;
  /** The file's own column for each known one. */
  columns: Partial<Record<ColumnName, string>>;
  /** Share of the rows looked at that have all columns of the shape. */
  confidence: number;
  /** No prompt column: chosen and rejected hold whole conversations (TRL's implicit prompt). */
  impliesPrompt: boolean;
}

/** `convertMessages` off leaves lists of messages alone. */
export function detectShape(rows: readonly RawRow[], convertMessages = true): Shape {
  const present = new Set(rows.flatMap(row => Object.keys(row.cells)));
  const columns: Shape['columns'] = {};
  for (const [name, synonyms] of Object.entries(SYNONYMS) as [ColumnName, readonly string[]][]) {
    const found = synonyms.find(synonym => present.has(synonym));
    if (found === undefined) continue;
    if (name === 'conversation' && !(convertMessages && rows.some(row => isMessageList(row.cells[found])))) continue;
    columns[name] = found;
  }
  // Preference sets such as UltraFeedback carry the chosen conversation a second time under "messages".
  if (columns.prompt !== undefined && columns.chosen !== undefined && columns.rejected !== undefined) delete columns.conversation;
  // Alpaca's "input" is an addition to an instruction; elsewhere it is just another column.
  if (columns.prompt !== 'instruction') delete columns.input;
  const needed = Object.values(columns).filter(column => column !== columns.system && column !== columns.input && column !== columns.reasoning);
  const complete = rows.filter(row => needed.every(column => row.cells[column] !== undefined)).length;
  const impliesPrompt = columns.prompt === undefined && columns.chosen !== undefined && rows.some(row => isMessageList(row.cells[columns.chosen!]));
  return { name: shapeName(columns, rows), columns, confidence: rows.length === 0 ? 0 : complete / rows.length, impliesPrompt };
}

function shapeName(columns: Shape['columns'], rows: readonly RawRow[]): string {
  if (columns.conversation !== undefined) {
    const isShareGpt = rows.some(row => JSON.stringify(row.cells[columns.conversation!] ?? null).includes('"from":'));
    if (!isShareGpt) return 'messages';
    return columns.rejected === undefined ? 'sharegpt' : 'sharegpt_ranking';
  }
  if (columns.label !== undefined && columns.rejected === undefined) return 'unpaired';
  return columns.prompt === 'instruction' && columns.chosen === 'output' ? 'alpaca' : 'columns';
}

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
export function readRow(row: RawRow, shape: Shape, note: (problem: Problem) => void): TextRow {
  const { cells, origin } = row;
  const { columns } = shape;
  const text = (name: ColumnName): string | undefined => {
    const column = columns[name];
    const value = column === undefined ? undefined : cells[column];
    return value === undefined || value === null ? undefined : cellText(value, origin, column!);
  };
  const answer = (name: 'chosen' | 'rejected'): string | undefined => (columns[name] === undefined ? undefined : readAnswer(cells[columns[name]!], origin, columns[name]!));
  const reasoning = text('reasoning');
  const label = columns.label === undefined ? undefined : readLabel(cells[columns.label], row, columns.label);
  const rejected = answer('rejected');
  return {
    ...conversationOf(row, shape, answer('chosen'), text, note),
    origin,
    ...(rejected === undefined ? {} : { rejected }),
    ...(reasoning === undefined ? {} : { reasoning }),
    ...(label === undefined ? {} : { label }),
  };
}

function conversationOf(row: RawRow, { columns }: Shape, chosen: string | undefined, text: (name: ColumnName) => string | undefined, note: (problem: Problem) => void):
  Pick<TextRow, 'system' | 'history' | 'prompt' | 'chosen'> {
  const { cells, origin } = row;
  const column = columns.conversation;
  if (column !== undefined) {
    if (columns.prompt !== undefined) {
      note({ id: 'dataset/column-overwritten', severity: 'warning', text: `Column "${columns.prompt}" is not used: the prompt comes from "${column}".`, where: { ...origin, column: columns.prompt } });
    }
    if (chosen !== undefined) return { ...withSystem(readPrompt(cells[column], origin, column), text('system')), chosen };
    const split = splitConversation(cells[column], origin, column, () =>
      note({ id: 'dataset/unanswered', severity: 'warning', text: 'The conversation ends without an answer; the last question is left out.', where: { ...origin, column } }));
    return { ...withSystem(split, text('system')), chosen: split.chosen };
  }
  const chosenCell = columns.chosen === undefined ? undefined : cells[columns.chosen];
  if (isMessageList(chosenCell) && chosenCell.length > 1) {
    const { system, history, prompt, chosen: answer } = splitConversation(chosenCell, origin, columns.chosen!, () => undefined);
    return withSystem({ system, history, prompt, chosen: answer }, text('system'));
  }
  const promptCell = columns.prompt === undefined ? undefined : cells[columns.prompt];
  if (isMessageList(promptCell)) return { ...withSystem(readPrompt(promptCell, origin, columns.prompt!), text('system')), chosen: chosen ?? '' };
  const input = text('input');
  const prompt = text('prompt') ?? '';
  return { system: text('system') ?? '', history: [], prompt: input ? `${prompt}\n${input}` : prompt, chosen: chosen ?? '' };
}

function withSystem<T extends { system: string }>(conversation: T, system: string | undefined): T {
  return system === undefined || system.trim() === '' ? conversation : { ...conversation, system };
}

const LABELS = new Map<unknown, boolean>([[true, true], [false, false], [1, true], [0, false], ['true', true], ['false', false], ['1', true], ['0', false]]);

function readLabel(value: unknown, row: RawRow, column: string): boolean | undefined {
  if (value === undefined || value === null) return undefined;
  const label = LABELS.get(typeof value === 'string' ? value.toLowerCase() : value);
  if (label === undefined) throw refuse('dataset/label', `The label is ${JSON.stringify(value)}, neither true nor false.`, row.origin, column, 'Write true for good answers and false for bad ones.');
  return label;
}

