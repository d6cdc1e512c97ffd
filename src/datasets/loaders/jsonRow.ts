/** One row's bytes as JSON, or a Problem with the line and column of what is wrong. */
import { parse, printParseErrorCode } from 'jsonc-parser';
import type { ParseError } from 'jsonc-parser';
import { problemError } from '../../shared/problem';
import type { Problem, ProblemError, Where } from '../../shared/problem';
import { textsIn } from '../cellTexts';
import type { OnProblem } from './datasetLoader';
import type { CutRow } from './rowCutter';
import type { Cells } from './rowFormat';
import { decodeRow, placeOf } from './rowText';
import type { RowName } from './rowText';

/** Deepest lists and objects in a row. Datasets need about five; tools of every kind walk them by recursion, whose stack is bounded. */
const MAX_DEPTH = 256;

const HALF = /\p{Cs}/u;

/** Names of jsonc-parser's faults in words. */
const FAULTS: Record<string, string> = {
  InvalidSymbol: 'an unknown word', InvalidNumberFormat: 'a malformed number', PropertyNameExpected: 'a quoted key is missing',
  ValueExpected: 'a value is missing', ColonExpected: '":" is missing', CommaExpected: '"," is missing', CloseBraceExpected: '"}" is missing',
  CloseBracketExpected: '"]" is missing', EndOfFileExpected: 'text follows the end of the row', UnexpectedEndOfString: 'a text is not closed with a quote',
  UnexpectedEndOfNumber: 'a number is cut off', InvalidEscapeCharacter: 'an unknown escape', InvalidUnicode: 'a broken \\u escape',
  InvalidCharacter: 'a control character inside a text',
};

/** Problems: dataset/broken-json, dataset/not-utf8, dataset/row-not-object, dataset/too-deep, dataset/row-too-large; as warnings dataset/number-precision, dataset/broken-character. */
export function readJsonRow(cut: CutRow, name: RowName, warn: OnProblem): Cells {
  const text = decodeRow(cut, name);
  const value = parseJson(text, cut, name);
  if (!value || typeof value !== 'object' || Array.isArray(value)) {
    throw problemError('dataset/row-not-object', `The row is ${describe(value)}, not an object with columns.`,
      { where: { ...name, line: cut.line }, fix: { text: 'Write each row as {"prompt": …, "chosen": …, "rejected": …}.' } });
  }
  const cells = value as Cells;
  // Only an escape can write half of a pair: UTF-8 has no bytes for it.
  const mayHaveHalves = text.includes('\\ud') || text.includes('\\uD');
  for (const column in cells) {
    const number = inexactNumber(cells[column], 1);
    if (number === 'too deep') throw tooDeep(cut, name);
    if (number !== undefined) warn(inexact(number, { ...name, line: cut.line, column }));
    if (mayHaveHalves && textsIn(cells[column]).some(part => HALF.test(part))) warn(brokenCharacter({ ...name, line: cut.line, column }));
  }
  return cells;
}

function parseJson(text: string, cut: CutRow, name: RowName): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    const found = findFault(text);
    if (found === 'too deep') throw tooDeep(cut, name);
    throw problemError('dataset/broken-json', `The row is not JSON: ${found.fault}.`,
      { where: { ...name, ...placeOf(text, found.offset, cut) }, fix: { text: 'Correct or remove the row.' } }, cause);
  }
}

/** JSON.parse does not always say where it failed. */
function findFault(text: string): { fault: string; offset: number } | 'too deep' {
  const errors: ParseError[] = [];
  try {
    parse(text, errors, { disallowComments: true, allowTrailingComma: false });
  } catch (error) {
    // The parser calls itself for each level.
    if (error instanceof RangeError) return 'too deep';
    throw error;
  }
  const [first] = errors;
  if (!first) return { fault: 'it cannot be read', offset: 0 };
  const name = printParseErrorCode(first.error);
  return { fault: FAULTS[name] ?? name, offset: first.offset };
}

/** The first number in it that is no longer what the file says: an integer past 2^53, or a number past the largest. */
function inexactNumber(cell: unknown, depth: number): number | 'too deep' | undefined {
  if (typeof cell === 'number') return Number.isFinite(cell) && (!Number.isInteger(cell) || Number.isSafeInteger(cell)) ? undefined : cell;
  if (!cell || typeof cell !== 'object') return undefined;
  if (depth > MAX_DEPTH) return 'too deep';
  for (const key in cell) {
    const found = inexactNumber((cell as Cells)[key], depth + 1);
    if (found !== undefined) return found;
  }
  return undefined;
}

function inexact(number: number, where: Where): Problem {
  return {
    id: 'dataset/number-precision', severity: 'warning', text: `A number is too large to be kept exactly; it is read as ${number}.`,
    where, fix: { text: 'Write it as a text if its digits matter.' },
  };
}

function brokenCharacter(where: Where): Problem {
  return {
    id: 'dataset/broken-character', severity: 'warning', text: 'A text holds half of a surrogate pair, which is no character; the model meets U+FFFD there.',
    where, fix: { text: 'Write the character whole, or remove the escape.' },
  };
}

function tooDeep(cut: CutRow, name: RowName): ProblemError {
  return problemError('dataset/too-deep', `Lists and objects of the row are nested more than ${MAX_DEPTH} deep.`,
    { where: { ...name, line: cut.line }, fix: { text: 'Flatten or remove the row.' } });
}

function describe(value: unknown): string {
  return value === null ? 'null' : Array.isArray(value) ? 'a list' : `a ${typeof value}`;
}
