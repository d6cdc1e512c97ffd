/** Python's str methods on template strings. The library's own lack arguments of strip and use JavaScript's whitespace. */
import { capitalize, ONLY_SPACE, replaceText, splitLines, splitSpace, splitText, strip, stripLeft, stripRight, title } from './pythonText';
import { booleanValue, functionValue, integerValue, isList, isMap, isNull, isText, iterate, listValue, pythonStr, textValue, typeName } from './runtimeValues';
import type { Value } from './runtimeValues';

/** Arguments of one call: by position, or by keyword. */
class Arguments {
  private readonly positional: Value[];
  private readonly keywords: Map<string, Value>;

  constructor(args: Value[]) {
    const last = args[args.length - 1];
    const keywords = last?.type === 'KeywordArgumentsValue' && isMap(last) ? last.value : undefined;
    this.positional = keywords ? args.slice(0, -1) : args;
    this.keywords = keywords ?? new Map<string, Value>();
  }

  get(index: number, name: string): Value | undefined {
    const value = this.positional[index] ?? this.keywords.get(name);
    return value === undefined || isNull(value) ? undefined : value;
  }
  text(index: number, name: string): string {
    const value = this.get(index, name);
    if (value === undefined || !isText(value)) throw new Error(`argument "${name}" must be str, not ${value === undefined ? 'NoneType' : typeName(value)}`);
    return value.value;
  }
  optionalText(index: number, name: string): string | undefined {
    return this.get(index, name) === undefined ? undefined : this.text(index, name);
  }
  integer(index: number, name: string, otherwise: number): number {
    const value = this.get(index, name);
    return value === undefined ? otherwise : Number(value.value);
  }
}

type Method = (text: string, args: Arguments) => Value;

const texts = (parts: string[]): Value => listValue(parts.map(textValue));
const points = (text: string): number => Array.from(text).length;
/** A JavaScript index as Python's count of code points; -1 stays. */
const position = (text: string, index: number): Value => integerValue(index < 0 ? -1 : points(text.slice(0, index)));

/** startswith, endswith: one text or a tuple of them. */
function anyOf(args: Arguments, test: (part: string) => boolean): Value {
  const value = args.get(0, 'prefix');
  if (value !== undefined && isList(value)) return booleanValue(value.value.some(part => isText(part) && test(part.value)));
  return booleanValue(test(args.text(0, 'prefix')));
}

function partition(text: string, separator: string, index: number, missing: string[]): Value {
  return texts(index < 0 ? missing : [text.slice(0, index), separator, text.slice(index + separator.length)]);
}

const METHODS: Record<string, Method> = {
  strip: (text, args) => textValue(strip(text, args.optionalText(0, 'chars'))),
  lstrip: (text, args) => textValue(stripLeft(text, args.optionalText(0, 'chars'))),
  rstrip: (text, args) => textValue(stripRight(text, args.optionalText(0, 'chars'))),
  split: (text, args) => split(text, args, false),
  rsplit: (text, args) => split(text, args, true),
  splitlines: text => texts(splitLines(text)),
  partition: (text, args) => partition(text, args.text(0, 'sep'), text.indexOf(args.text(0, 'sep')), [text, '', '']),
  rpartition: (text, args) => partition(text, args.text(0, 'sep'), text.lastIndexOf(args.text(0, 'sep')), ['', '', text]),
  startswith: (text, args) => anyOf(args, part => text.startsWith(part)),
  endswith: (text, args) => anyOf(args, part => text.endsWith(part)),
  removeprefix: (text, args) => textValue(text.startsWith(args.text(0, 'prefix')) ? text.slice(args.text(0, 'prefix').length) : text),
  removesuffix: (text, args) => {
    const suffix = args.text(0, 'suffix');
    return textValue(suffix !== '' && text.endsWith(suffix) ? text.slice(0, -suffix.length) : text);
  },
  replace: (text, args) => textValue(replaceText(text, args.text(0, 'old'), args.text(1, 'new'), args.integer(2, 'count', -1))),
  find: (text, args) => position(text, text.indexOf(args.text(0, 'sub'))),
  rfind: (text, args) => position(text, text.lastIndexOf(args.text(0, 'sub'))),
  count: (text, args) => integerValue(text.split(args.text(0, 'sub')).length - 1),
  upper: text => textValue(text.toUpperCase()),
  lower: text => textValue(text.toLowerCase()),
  title: text => textValue(title(text)),
  capitalize: text => textValue(capitalize(text)),
  join: (text, args) => {
    const items = args.get(0, 'iterable');
    if (items === undefined) throw new Error('can only join an iterable');
    return textValue(iterate(items).map(item => (isText(item) ? item.value : typeError(item))).join(text));
  },
  format: (text, args) => textValue(formatBraces(text, args)),
  index: (text, args) => (text.includes(args.text(0, 'sub')) ? position(text, text.indexOf(args.text(0, 'sub'))) : notFound()),
  swapcase: text => textValue(text.replace(/\p{L}/gu, letter => (letter === letter.toLowerCase() ? letter.toUpperCase() : letter.toLowerCase()))),
  isspace: text => booleanValue(ONLY_SPACE.test(text)),
  isdigit: text => booleanValue(/^\p{Nd}+$/u.test(text)),
  isalpha: text => booleanValue(/^\p{L}+$/u.test(text)),
  isalnum: text => booleanValue(/^[\p{L}\p{N}]+$/u.test(text)),
  isupper: text => booleanValue(text !== text.toLowerCase() && text === text.toUpperCase()),
  islower: text => booleanValue(text !== text.toUpperCase() && text === text.toLowerCase()),
  zfill: (text, args) => textValue(text.padStart(args.integer(0, 'width', 0), '0')),
  ljust: (text, args) => textValue(text.padEnd(args.integer(0, 'width', 0), args.optionalText(1, 'fillchar') ?? ' ')),
  rjust: (text, args) => textValue(text.padStart(args.integer(0, 'width', 0), args.optionalText(1, 'fillchar') ?? ' ')),
};

function notFound(): never {
  throw new Error('substring not found');
}

/** str.format with places by order, number or name; of format specs only a float's ".2f". */
function formatBraces(text: string, args: Arguments): string {
  let next = 0;
  return text.replace(/\{\{|\}\}|\{(\w*)(?::\.(\d+)f)?\}|[{}]/g, (whole, name: string | undefined, digits: string | undefined) => {
    if (whole === '{{' || whole === '}}') return whole[0]!;
    if (name === undefined) throw new Error(`format strings with "${whole}" alone cannot be read`);
    const value = args.get(name === '' ? next++ : /^\d+$/.test(name) ? Number(name) : Infinity, name);
    if (value === undefined) throw new Error(`Replacement "${whole}" has no argument`);
    return digits === undefined ? pythonStr(value) : Number(value.value).toFixed(Number(digits));
  });
}

function typeError(item: Value): never {
  throw new Error(`sequence item: expected str instance, ${typeName(item)} found`);
}

function split(text: string, args: Arguments, fromRight: boolean): Value {
  const separator = args.optionalText(0, 'sep');
  const limit = args.integer(1, 'maxsplit', -1);
  if (separator !== undefined) return texts(splitText(text, separator, limit, fromRight));
  if (!fromRight || limit < 0) return texts(splitSpace(text, limit));
  const all = splitSpace(text, -1);
  const head = all.length - limit;
  if (head <= 0) return texts(all);
  const reversed = splitSpace(Array.from(text).reverse().join(''), limit).map(part => Array.from(part).reverse().join(''));
  return texts(reversed.reverse());
}

/** The bound method `name` of `text`, or undefined where Python's str has none of that name here. */
export function stringMethod(text: string, name: string): Value | undefined {
  const method = Object.hasOwn(METHODS, name) ? METHODS[name] : undefined;
  return method && functionValue(args => method(text, new Arguments(args)));
}
