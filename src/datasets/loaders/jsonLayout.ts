/** How rows lie in a JSON text, told from its head: one a line, a list, a list inside an object, or a list for each column. */
import { parse, printParseErrorCode, visit } from 'jsonc-parser';
import type { ParseError } from 'jsonc-parser';
import { isMessageList } from '../messages';
import type { Rows } from './fileLayout';
import { FILE_START } from './rowCutter';
import type { RowPlace } from './rowCutter';

/** A list of objects, an object, or the beginning of one; under a name that promises JSON, a bracket is enough. */
export function looksLikeJson(text: string, isNamedJson: boolean): boolean {
  return isNamedJson ? /^\s*[[{]/.test(text) : /^\s*(?:\[\s*(?:[{[\]"]|$)|\{\s*(?:["}]|$))/.test(text);
}

/** `isWhole`: the head is the whole text. `isNamedLines`: the file's name says one row a line. */
export function jsonLayout(text: string, { isWhole, isNamedLines }: { isWhole: boolean; isNamedLines: boolean }): Rows {
  const begin = text.search(/\S/);
  const end = text.indexOf('\n', begin);
  const line = end < 0 ? text.slice(begin) : text.slice(begin, end);
  const isAlone = end < 0 ? isWhole : isWhole && text.slice(end).trim() === '';
  if (text[begin] === '[') return isNamedLines && !isAlone && isJson(line) ? { layout: 'lines' } : { layout: 'list', start: placeOf(text, begin), isInside: false };
  if (text[begin] !== '{') return { layout: 'lines' };
  const isLine = isJson(line);
  if (isNamedLines && (isLine || end < 0 || !isWholeObject(text))) return { layout: 'lines' };
  if (isLine && !isAlone) return { layout: 'lines' };
  const keys = topLevelKeys(text);
  // An object with a conversation is a row, and so is one with another object after it.
  const list = isFollowed(text) || keys.some(({ isMessages }) => isMessages) ? undefined : keys.find(({ kind }) => kind === 'list of objects');
  if (list) return { layout: 'list', start: placeOf(text, list.offset), isInside: true };
  if (keys.length > 0 && keys.every(({ kind }) => kind === 'list of values')) return { layout: 'columns' };
  // A first line that is broken is a row that is broken, unless the object goes on in the next line.
  return isLine || (end >= 0 && !goesOn(text, end)) ? { layout: 'lines' } : { layout: 'objects' };
}

interface TopLevelKey {
  kind: 'list of objects' | 'list of values' | 'empty list' | 'other';
  isMessages: boolean;
  /** UTF-16 units before the value. */
  offset: number;
}

/** Of the first object, as far as the text goes. */
function topLevelKeys(text: string): TopLevelKey[] {
  const keys: TopLevelKey[] = [];
  let depth = 0;
  let isDone = false;
  const value = (offset: number, kind: 'list' | 'object' | 'scalar'): void => {
    if (isDone) return;
    const key = keys[keys.length - 1];
    if (depth === 1) keys.push({ kind: kind === 'list' ? 'empty list' : 'other', isMessages: false, offset });
    else if (depth === 2 && key?.kind === 'empty list') key.kind = kind === 'object' ? 'list of objects' : 'list of values';
  };
  const open = (kind: 'list' | 'object') => (offset: number): void => {
    value(offset, kind);
    depth++;
  };
  const close = (): void => {
    if (--depth === 0) isDone = true;
  };
  withinStack(() => void visit(text, { onObjectBegin: open('object'), onObjectEnd: close, onArrayBegin: open('list'), onArrayEnd: close, onLiteralValue: (_, offset) => value(offset, 'scalar') }));
  for (const key of keys) key.isMessages = key.kind === 'list of objects' && isMessageList([firstItem(text, key.offset)]);
  return keys;
}

/** The first object of a list, with the scalar keys that the text still shows. */
function firstItem(text: string, offset: number): Record<string, unknown> {
  const item: Record<string, unknown> = {};
  let depth = 0;
  let isDone = false;
  let key = '';
  withinStack(() => void visit(text.slice(offset), {
    onObjectBegin: () => void depth++,
    onObjectEnd: () => { if (--depth === 0) isDone = true; },
    onObjectProperty: name => { key = name; },
    onLiteralValue: value => { if (depth === 1 && !isDone) item[key] = value; },
  }));
  return item;
}

function isJson(line: string): boolean {
  try {
    JSON.parse(line);
    return true;
  } catch {
    return false;
  }
}

/** Whether nothing is wrong with the first object, as far as the text goes. */
function isWholeObject(text: string): boolean {
  const [first] = errorsOf(text);
  return first === undefined || isFollowed(text) || first.offset >= text.trimEnd().length;
}

/** Whether something comes after the first object. */
function isFollowed(text: string): boolean {
  const [first] = errorsOf(text);
  return first !== undefined && printParseErrorCode(first.error) === 'EndOfFileExpected';
}

/** Whether nothing is wrong with an object but that it goes on after the first line. */
function goesOn(text: string, end: number): boolean {
  const line = text.slice(0, end).trimEnd();
  return errorsOf(line)[0]?.offset === line.length && !text.slice(end).trimStart().startsWith('{');
}

function errorsOf(text: string): ParseError[] {
  const errors: ParseError[] = [];
  withinStack(() => void parse(text, errors, { disallowComments: true }));
  return errors;
}

/** The parser calls itself for each level; what it found before the levels were too many is enough. */
function withinStack(act: () => void): void {
  try {
    act();
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
  }
}

function placeOf(text: string, at: number): RowPlace {
  const before = text.slice(0, at);
  const newline = before.lastIndexOf('\n');
  return { offset: Buffer.byteLength(before), line: FILE_START.line + before.split('\n').length - 1, column: Buffer.byteLength(before.slice(newline + 1)) + 1 };
}
