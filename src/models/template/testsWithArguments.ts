/**
 * Jinja's tests with an argument, `x is divisibleby 3`, which the library's parser does not know. It does know filters with
 * arguments, and they bind alike, so such a test is handed to it as a filter of a name that no template can write.
 */
import type { tokenize } from '@huggingface/jinja';

type Token = ReturnType<typeof tokenize>[number];

const NAMES = new Set(['divisibleby', 'equalto', 'eq', 'ne', 'sameas', 'in', 'lt', 'le', 'gt', 'ge', 'lessthan', 'greaterthan']);
const [IS, IS_NOT] = ['is ', 'is not '];

/** The test behind a filter name made here. */
export function asTest(filterName: string): { name: string; negate: boolean } | undefined {
  const prefix = [IS_NOT, IS].find(start => filterName.startsWith(start));
  return prefix === undefined ? undefined : { name: filterName.slice(prefix.length), negate: prefix === IS_NOT };
}

export function testsWithArguments(tokens: readonly Token[]): Token[] {
  const out: Token[] = [];
  const token = (value: string, type: Token['type']): Token => ({ value, type });
  for (let at = 0; at < tokens.length; at++) {
    const negate = isWord(tokens[at + 1], 'not');
    const name = tokens[at + (negate ? 2 : 1)];
    const first = at + (negate ? 3 : 2);
    if (!isWord(tokens[at], 'is') || name?.type !== 'Identifier' || !NAMES.has(name.value) || !tokens[first]) {
      out.push(tokens[at]!);
      continue;
    }
    const end = argumentEnd(tokens, first);
    const argument = testsWithArguments(tokens.slice(first, end));
    const isCall = tokens[first].type === 'OpenParen';
    out.push(token('|', 'Pipe'), token((negate ? IS_NOT : IS) + name.value, 'Identifier'), ...(isCall ? argument : [token('(', 'OpenParen'), ...argument, token(')', 'CloseParen')]));
    at = end - 1;
  }
  return out;
}

const isWord = (token: Token | undefined, word: string): boolean => token?.type === 'Identifier' && token.value === word;

const CLOSED_BY: Record<string, string> = { OpenParen: 'CloseParen', OpenSquareBracket: 'CloseSquareBracket', OpenCurlyBracket: 'CloseCurlyBracket' };

/** Past the argument: a literal, name, list or parenthesis, with what hangs on it (`.a`, `[0]`, `(x)`). */
function argumentEnd(tokens: readonly Token[], start: number): number {
  let at = closing(tokens, start);
  if (tokens[start]?.type === 'OpenParen') return at;
  for (;;) {
    const type = tokens[at]?.type;
    if (type === 'Dot') at += 2;
    else if (type === 'OpenSquareBracket' || type === 'OpenParen') at = closing(tokens, at);
    else return at;
  }
}

/** Past the token, or past the bracket that closes it. */
function closing(tokens: readonly Token[], start: number): number {
  const open = tokens[start]?.type ?? '';
  const close = CLOSED_BY[open];
  if (close === undefined) return start + 1;
  let depth = 0;
  for (let at = start; at < tokens.length; at++) {
    if (tokens[at]!.type === open) depth++;
    if (tokens[at]!.type === close && --depth === 0) return at + 1;
  }
  return tokens.length;
}
