/** One row's bytes as JSON, or a Problem with the line and column of what is wrong. */
import { parse, printParseErrorCode } from 'jsonc-parser';
import type { ParseError } from 'jsonc-parser';
import { problemError } from '../../shared/problem';
import type { CutRow } from './jsonCutter';

const decoder = new TextDecoder('utf-8', { fatal: true });

/** Names of jsonc-parser's faults in words. */
const FAULTS: Record<string, string> = {
  InvalidSymbol: 'an unknown word', InvalidNumberFormat: 'a malformed number', PropertyNameExpected: 'a quoted key is missing',
  ValueExpected: 'a value is missing', ColonExpected: '":" is missing', CommaExpected: '"," is missing', CloseBraceExpected: '"}" is missing',
  CloseBracketExpected: '"]" is missing', EndOfFileExpected: 'text follows the end of the row', UnexpectedEndOfString: 'a text is not closed with a quote',
  UnexpectedEndOfNumber: 'a number is cut off', InvalidEscapeCharacter: 'an unknown escape', InvalidUnicode: 'a broken \\u escape',
  InvalidCharacter: 'a control character inside a text',
};

export function parseRow(cut: CutRow, file: string, row: number): unknown {
  const text = decode(cut, file, row);
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    const { fault, offset } = findFault(text);
    const { line, column } = placeOf(text, offset, cut);
    throw problemError('dataset/broken-json', `The row is not JSON: ${fault}.`, { where: { file, line, row, column }, fix: { text: 'Correct or remove the row.' } }, cause);
  }
}

function decode(cut: CutRow, file: string, row: number): string {
  try {
    return decoder.decode(cut.bytes);
  } catch (cause) {
    throw problemError('dataset/not-utf8', 'The row is not UTF-8 text.', { where: { file, line: cut.line, row }, fix: { text: 'Save the file as UTF-8.' } }, cause);
  }
}

/** JSON.parse does not always say where it failed. */
function findFault(text: string): { fault: string; offset: number } {
  const errors: ParseError[] = [];
  parse(text, errors, { disallowComments: true, allowTrailingComma: false });
  const [first] = errors;
  if (!first) return { fault: 'it cannot be read', offset: 0 };
  const name = printParseErrorCode(first.error);
  return { fault: FAULTS[name] ?? name, offset: first.offset };
}

/** An offset in the row as line and column of the file, columns in UTF-16 units as editors count. */
export function placeOf(text: string, offset: number, begin: { line: number; column: number }): { line: number; column: number } {
  const before = text.slice(0, offset);
  const lines = before.split('\n');
  return lines.length === 1 ? { line: begin.line, column: begin.column + offset } : { line: begin.line + lines.length - 1, column: lines[lines.length - 1]!.length + 1 };
}
