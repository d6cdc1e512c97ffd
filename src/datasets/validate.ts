/** What each method needs of a dataset: columns, and text in them. */
import type { Problem } from '../shared/problem';
import type { TextRow } from './rows';
import type { Columns, Shape } from './shape';

/** Methods by the rows they train on. */
export type RowKind = 'sequence' | 'pair' | 'unpaired';
export const METHOD_ROWS: Readonly<Record<string, RowKind>> = { sft: 'sequence', orpo: 'pair', dpo: 'pair', simpo: 'pair', cpo: 'pair', ipo: 'pair', kto: 'unpaired' };

export function requiredColumns(method: string): string[] {
  return rowKind(method) === 'pair' ? ['prompt', 'chosen', 'rejected'] : ['prompt', 'chosen'];
}

/** Throws for an unknown method: the recipe has been checked before. */
export function rowKind(method: string): RowKind {
  const kind = METHOD_ROWS[method];
  if (!kind) throw new Error(`unknown method ${method}`);
  return kind;
}

/** Columns that a method requires and a dataset does not have. */
export function missingColumns(available: ReadonlySet<string>, method: string): string[] {
  return requiredColumns(method).filter(column => !available.has(column));
}

/** The same of a shape's columns: a conversation holds prompt and answer, and plain text is all that sft needs. */
export function missingOf(columns: Columns, impliesPrompt: boolean, method: string): string[] {
  const has = new Set(Object.keys(columns));
  if (columns.conversation !== undefined) has.add('prompt').add('chosen');
  if (columns.text !== undefined && rowKind(method) === 'sequence') has.add('prompt').add('chosen');
  if (impliesPrompt) has.add('prompt');
  return missingColumns(has, method);
}

/** One error where required columns are missing in all rows looked at. */
export function checkColumns(shape: Shape, method: string, available: readonly string[], file: string): Problem[] {
  const missing = missingOf(shape.columns, shape.impliesPrompt, method);
  if (missing.length === 0) return [];
  return [{
    id: 'dataset/missing-columns', severity: 'error',
    text: `Dataset missing required columns: ${missing.join(', ')}. Available columns: ${[...available].sort().join(', ')}. Method ${method} requires: ${requiredColumns(method).join(', ')}.`,
    where: { file, field: 'dataset.column_mapping' },
    fix: { text: cureOf(shape, missing) },
  }];
}

function cureOf(shape: Shape, missing: readonly string[]): string {
  if (shape.columns.text !== undefined) return 'Plain text has no answers to prefer; train with method sft, or choose a dataset with prompts and answers.';
  return missing.includes('rejected') && missing.length === 1
    ? 'Map the column with the worse answers to "rejected" in dataset.column_mapping, or train with method sft.'
    : 'Map your columns in dataset.column_mapping, such as {"question": "prompt", "answer": "chosen"}.';
}

/** Errors of one row: blank text in a required column. A call of a tool is an answer without text. */
export function checkRow(row: TextRow, method: string): Problem[] {
  const required = row.isPlainText ? ['chosen'] : requiredColumns(method);
  return required.flatMap(column => {
    const text = row[column as 'prompt' | 'chosen' | 'rejected'];
    const calls = column === 'chosen' ? row.chosenCalls : column === 'rejected' ? row.rejectedCalls : undefined;
    if ((text !== undefined && text.trim() !== '') || calls !== undefined) return [];
    const what = text === undefined ? `no text for "${column}"` : text === '' ? 'empty text' : 'only blanks';
    return [{
      id: text === undefined ? `dataset/no-${column}` : `dataset/empty-${column}`, severity: 'error' as const, text: `The row has ${what}.`,
      where: { ...row.origin, column: row.isPlainText ? 'text' : column },
      fix: { text: column === 'rejected' ? 'Add the worse answer, remove the row, or train with method sft, which needs none.' : 'Fill it in, or remove the row.' },
    }];
  });
}
