/** The shape of a dataset: which columns it has and what they mean, decided over many rows. */
import { isMessageList } from './messages';
import type { Origin, RawRow } from './rows';
import { isTranscript } from './transcripts';

export const COLUMN_NAMES = ['prompt', 'chosen', 'rejected', 'system', 'reasoning', 'input', 'history', 'label', 'conversation', 'tools', 'text'] as const;
export type ColumnName = (typeof COLUMN_NAMES)[number];

/** What a row can look like, and what that is in words. */
export const SHAPE_TITLES = {
  columns: 'one column each for prompt, chosen and the others',
  alpaca: 'Alpaca: an instruction, its input and the output',
  sharegpt: 'ShareGPT: a conversation as {from, value}',
  sharegpt_ranking: 'ShareGPT ranking: a conversation with a chosen and a rejected answer',
  messages: 'OpenAI: a conversation as {role, content}',
  conversational: 'prompt, chosen and rejected as lists of messages',
  transcript: 'transcripts: "Human: …" and "Assistant: …" in one text',
  unpaired: 'answers with a label, good or bad',
  text: 'plain text, learnt whole',
  unknown: 'no shape that is known',
} as const;
export type ShapeName = keyof typeof SHAPE_TITLES;

/** Other names of a column, as Merlina maps them and as they are met; the first found counts. Case, blanks and hyphens do not matter. */
const SYNONYMS: Readonly<Record<ColumnName, readonly string[]>> = {
  prompt: ['prompt', 'instruction', 'question', 'query'],
  chosen: ['chosen', 'output', 'response', 'answer', 'completion', 'chosen_response'],
  rejected: ['rejected', 'rejected_response'],
  system: ['system', 'system_prompt'],
  reasoning: ['reasoning', 'thinking', 'thought', 'think'],
  input: ['input'],
  history: ['history'],
  label: ['label', 'kto_tag'],
  conversation: ['messages', 'conversations', 'conversation'],
  tools: ['tools', 'functions'],
  text: ['text', 'content'],
};
/** Columns without which a row is of another shape. */
const ESSENTIAL: readonly ColumnName[] = ['conversation', 'prompt', 'chosen', 'rejected', 'label', 'text'];

/** Shapes are told from this many rows, spread over the first so many. */
export const SHAPE_ROWS = 200;
export const SHAPE_SPAN = 1000;

export type Columns = Partial<Record<ColumnName, string>>;

export interface RowShape {
  name: ShapeName;
  /** The file's own column for each known one. */
  columns: Columns;
  /** No prompt column: chosen and rejected hold whole conversations (TRL's implicit prompt, transcripts). */
  impliesPrompt: boolean;
}

export interface Shape extends RowShape {
  /** Share of the rows looked at that have all columns of the shape, 0–1. */
  confidence: number;
  rowsLookedAt: number;
  /** What the rows look like that do not, the most frequent first. */
  others: { name: ShapeName; rows: number; first: Origin }[];
}

/** `convertMessages` off leaves lists of messages alone. */
export function detectShape(rows: readonly RawRow[], convertMessages = true): Shape {
  const sample = spread(rows.slice(0, SHAPE_SPAN), SHAPE_ROWS);
  const seen = sample.map(row => ({ row, shape: rowShape(row.cells, convertMessages) }));
  const name: ShapeName = mostFrequent(seen.map(({ shape }) => shape.name).filter(one => one !== 'unknown'), 'unknown');
  const alike = seen.filter(({ shape }) => shape.name === name).map(({ shape }) => shape);
  const columns = Object.fromEntries(COLUMN_NAMES.flatMap(column => {
    const found = mostFrequent(alike.flatMap(shape => shape.columns[column] ?? []), undefined);
    return found === undefined ? [] : [[column, found]];
  })) as Columns;
  const whole: RowShape = { name, columns, impliesPrompt: alike.some(shape => shape.impliesPrompt) };
  const odd = seen.filter(({ shape }) => !hasAll(shape, whole));
  const names = [...new Set(odd.map(({ shape }) => shape.name))];
  const others = names.map(other => {
    const of = odd.filter(({ shape }) => shape.name === other);
    return { name: other, rows: of.length, first: of[0]!.row.origin };
  }).sort((a, b) => b.rows - a.rows);
  const fit = name === 'unknown' ? 0 : sample.length - odd.length;
  return { ...whole, confidence: sample.length === 0 ? 0 : fit / sample.length, rowsLookedAt: sample.length, others };
}

/** The shape to read one row by: the set's, or the row's own where it is another and, by `isWhole`, complete. */
export function shapeFor(row: RawRow, shape: Shape, convertMessages: boolean, isWhole: (columns: Columns, impliesPrompt: boolean) => boolean): RowShape {
  if (shape.columns.conversation === undefined ? hasCells(row, shape) : isMessageList(row.cells[shape.columns.conversation])) return shape;
  const own = rowShape(row.cells, convertMessages);
  return !hasAll(own, shape) && isWhole(own.columns, own.impliesPrompt) ? own : shape;
}

/** The mapping in words of the recipe: dataset.column_mapping that says the same as was detected. */
export function columnMappingOf({ columns }: Pick<Shape, 'columns'>): Record<string, string> {
  return Object.fromEntries(Object.entries(columns).map(([name, column]) => [column, name]));
}

function rowShape(cells: Readonly<Record<string, unknown>>, convertMessages: boolean): RowShape {
  const columns = findColumns(cells, convertMessages);
  const at = (name: ColumnName): unknown => (columns[name] === undefined ? undefined : cells[columns[name]]);
  // Preference sets such as UltraFeedback carry the chosen conversation a second time under "messages".
  if (columns.prompt !== undefined && columns.chosen !== undefined && columns.rejected !== undefined) delete columns.conversation;
  if (columns.prompt === undefined && columns.conversation === undefined && columns.chosen !== undefined && columns.input !== undefined) {
    columns.prompt = columns.input;
    delete columns.input;
  }
  // Alpaca's "input" is an addition to an instruction; elsewhere it is just another column.
  if (normalised(columns.prompt ?? '') !== 'instruction') delete columns.input;
  if (columns.conversation !== undefined || columns.chosen !== undefined) delete columns.text;
  const impliesPrompt = columns.prompt === undefined && columns.conversation === undefined && (isMessageList(at('chosen')) || isTranscript(at('chosen')));
  return { name: nameOf(columns, at), columns, impliesPrompt };
}

function findColumns(cells: Readonly<Record<string, unknown>>, convertMessages: boolean): Columns {
  const own = new Map<string, string>();
  for (const [column, value] of Object.entries(cells)) {
    if (value !== null && value !== undefined && !own.has(normalised(column))) own.set(normalised(column), column);
  }
  const columns: Columns = {};
  for (const name of COLUMN_NAMES) {
    const found = [name, ...SYNONYMS[name]].map(synonym => own.get(synonym)).find(column => column !== undefined && (name !== 'conversation' || (convertMessages && isMessageList(cells[column]))));
    if (found !== undefined) columns[name] = found;
  }
  if (columns.text !== undefined && typeof cells[columns.text] !== 'string') delete columns.text;
  return columns;
}

function nameOf(columns: Columns, at: (name: ColumnName) => unknown): ShapeName {
  if (columns.conversation !== undefined) {
    const isShareGpt = (at('conversation') as Record<string, unknown>[]).some(message => 'from' in message);
    if (!isShareGpt) return 'messages';
    return columns.rejected === undefined ? 'sharegpt' : 'sharegpt_ranking';
  }
  if (columns.text !== undefined) return isTranscript(at('text')) ? 'transcript' : 'text';
  if (columns.prompt === undefined && columns.chosen === undefined) return 'unknown';
  if (columns.label !== undefined && columns.rejected === undefined) return 'unpaired';
  if (isTranscript(at('chosen')) || isTranscript(at('prompt'))) return 'transcript';
  if (isMessageList(at('prompt')) || isMessageList(at('chosen'))) return 'conversational';
  return normalised(columns.prompt ?? '') === 'instruction' && normalised(columns.chosen ?? '') === 'output' ? 'alpaca' : 'columns';
}

/** Of one shape, with all its essential columns. */
function hasAll(shape: RowShape, whole: RowShape): boolean {
  return shape.name === whole.name && ESSENTIAL.every(column => shape.columns[column] === whole.columns[column]);
}

function hasCells(row: RawRow, { columns, name }: Shape): boolean {
  return name !== 'unknown' && ESSENTIAL.every(column => columns[column] === undefined || (row.cells[columns[column]] ?? null) !== null);
}

const normalNames = new Map<string, string>();
function normalised(column: string): string {
  const known = normalNames.get(column);
  if (known !== undefined) return known;
  const name = column.trim().toLowerCase().replace(/[\s-]+/g, '_');
  if (normalNames.size < 10_000) normalNames.set(column, name);
  return name;
}

/** Up to `count` items, evenly from first to last. */
function spread<T>(items: readonly T[], count: number): T[] {
  if (items.length <= count) return [...items];
  return Array.from({ length: count }, (_, i) => items[Math.floor((i * (items.length - 1)) / (count - 1))]!);
}

/** Of equals the first. */
function mostFrequent<T, Other>(items: readonly T[], none: Other): T | Other {
  const counts = new Map<T, number>();
  for (const item of items) counts.set(item, (counts.get(item) ?? 0) + 1);
  return [...counts].reduce<[T | Other, number]>((best, one) => (one[1] > best[1] ? one : best), [none, 0])[0];
}
