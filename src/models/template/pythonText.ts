/** Text as Python sees it: whitespace, stripping, case and str()-like number forms that chat templates rely on. */

/** str.isspace() of Python 3: JavaScript's \s lacks U+001C–001F and U+0085 and has U+FEFF instead. */
const SPACE = '\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000';
const LEADING_SPACE = new RegExp(`^[${SPACE}]+`);
const SPACES = new RegExp(`[${SPACE}]+`);
export const ONLY_SPACE = new RegExp(`^[${SPACE}]+$`);

/** str.lstrip, str.rstrip: without `chars` Python's whitespace, else any of these code points. */
export function stripLeft(text: string, chars?: string): string {
  if (chars === undefined) return text.replace(LEADING_SPACE, '');
  const points = Array.from(text);
  let start = 0;
  while (start < points.length && chars.includes(points[start]!)) start++;
  return points.slice(start).join('');
}

export function stripRight(text: string, chars?: string): string {
  if (chars === undefined) return stripTrailingSpace(text);
  const points = Array.from(text);
  let end = points.length;
  while (end > 0 && chars.includes(points[end - 1]!)) end--;
  return points.slice(0, end).join('');
}

export function strip(text: string, chars?: string): string {
  return stripRight(stripLeft(text, chars), chars);
}

/** A walk from the end: a regular expression anchored there is quadratic on long inner runs of spaces. */
function stripTrailingSpace(text: string): string {
  let end = text.length;
  while (end > 0 && ONLY_SPACE.test(text[end - 1]!)) end--;
  return text.slice(0, end);
}

/** str.split(None, maxsplit): runs of whitespace separate; the rest after `limit` splits keeps its inner spaces. */
export function splitSpace(text: string, limit: number): string[] {
  const parts: string[] = [];
  let rest = stripLeft(text);
  while (rest !== '') {
    const match = SPACES.exec(rest);
    if (limit >= 0 && parts.length >= limit) return [...parts, rest];
    if (!match) return [...parts, rest];
    parts.push(rest.slice(0, match.index));
    rest = rest.slice(match.index + match[0].length);
  }
  return parts;
}

/** str.split(sep, maxsplit); `fromRight` is str.rsplit. */
export function splitText(text: string, separator: string, limit: number, fromRight = false): string[] {
  if (separator === '') throw new Error('empty separator');
  const parts = text.split(separator);
  if (limit < 0 || parts.length <= limit + 1) return parts;
  return fromRight
    ? [parts.slice(0, parts.length - limit).join(separator), ...parts.slice(parts.length - limit)]
    : [...parts.slice(0, limit), parts.slice(limit).join(separator)];
}

/** str.splitlines(). */
export function splitLines(text: string): string[] {
  const lines = text.split(/\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]/);
  if (lines[lines.length - 1] === '') lines.pop();
  return lines;
}

/** str.capitalize(): the first letter upper, all others lower. */
export function capitalize(text: string): string {
  const [first = '', ...rest] = Array.from(text);
  return first.toUpperCase() + rest.join('').toLowerCase();
}

/** str.title(): a letter after a letter is lower, any other letter upper. */
export function title(text: string): string {
  return text.replace(/\p{L}+/gu, capitalize);
}

/** str.replace(old, new, count); count below 0 replaces all. */
export function replaceText(text: string, old: string, by: string, count: number): string {
  const parts = old === '' ? ['', ...Array.from(text), ''] : text.split(old);
  if (count < 0 || parts.length - 1 <= count) return parts.join(by);
  return [...parts.slice(0, count), parts.slice(count).join(old)].join(by);
}

/** repr() of a float: two digits of exponent at least, exponent form from 1e16 and below 1e-4. */
export function floatText(value: number): string {
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
  const size = Math.abs(value);
  if (size !== 0 && (size >= 1e16 || size < 1e-4)) {
    const [digits, exponent] = value.toExponential().split('e') as [string, string];
    return `${digits}e${exponent[0]}${exponent.slice(1).padStart(2, '0')}`;
  }
  if (Object.is(value, -0)) return '-0.0';
  return Number.isInteger(value) ? value.toFixed(1) : String(value);
}

/** repr() of a string: single quotes unless it holds one and no double quote. */
export function stringRepr(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  const escaped = text.replace(/[\\\n\r\t\x00-\x1f\x7f]/g, char => REPR_ESCAPES[char] ?? `\\x${char.charCodeAt(0).toString(16).padStart(2, '0')}`);
  return quote + (quote === "'" ? escaped.replaceAll("'", "\\'") : escaped) + quote;
}

const REPR_ESCAPES: Record<string, string> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' };
