/** Jinja filters that the library lacks or computes otherwise than Jinja 3.1; all others are left to it. */
import { capitalize, strip, title } from './pythonText';
import { binary } from './binaryOperators';
import { formatPercent } from './formatPercent';
import { pythonJson } from './pythonJson';
import {
  booleanValue, integerValue, isList, isMap, isNamespace, isNumeric, isText, isTrue, isUndefined, iterate, listValue, mapValue, pythonEquals,
  pythonStr, textValue, toValue, typeName, undefinedValue,
} from './runtimeValues';
import type { Value } from './runtimeValues';

export interface FilterCall {
  args: Value[];
  keywords: Map<string, Value>;
  /** Another filter or test by name, for map, select and their like. */
  applyFilter(name: string, operand: Value, args: Value[]): Value;
  applyTest(name: string, operand: Value, args: Value[]): boolean;
}

type TemplateFilter = (operand: Value, call: FilterCall) => Value;

const argument = (call: FilterCall, index: number, name: string): Value | undefined => call.args[index] ?? call.keywords.get(name);
const argumentText = (call: FilterCall, index: number): string => {
  const value = call.args[index];
  if (value === undefined || !isText(value)) throw new Error(`filter argument ${index + 1} must be str, not ${value ? typeName(value) : 'missing'}`);
  return value.value;
};

function size(value: Value): number {
  if (isMap(value)) return value.value.size;
  if (isList(value) || isText(value) || isUndefined(value)) return iterate(value).length;
  throw new Error(`object of type '${typeName(value)}' has no len()`);
}

/** `item.a.b` of a mapping, list or namespace; undefined where there is none. */
export function attribute(item: Value, path: string): Value {
  let value = item;
  for (const part of path.split('.')) {
    const next: Value | undefined = isMap(value) || isNamespace(value) ? value.value.get(part)
      : isList(value) && /^\d+$/.test(part) ? value.value[Number(part)] : undefined;
    if (next === undefined) return undefinedValue();
    value = next;
  }
  return value;
}

/** select, reject, selectattr, rejectattr. An item without the attribute is tested too, as undefined. */
function choose(byAttribute: boolean, keep: boolean): TemplateFilter {
  return (operand, call) => {
    const first = byAttribute ? 1 : 0;
    const path = byAttribute ? argumentText(call, 0) : undefined;
    const test = call.args.length > first ? argumentText(call, first) : undefined;
    const rest = call.args.slice(first + 1);
    return listValue(iterate(operand).filter(item => {
      const value = path === undefined ? item : attribute(item, path);
      return (test === undefined ? isTrue(value) : call.applyTest(test, value, rest)) === keep;
    }));
  };
}

const map: TemplateFilter = (operand, call) => {
  const path = call.keywords.get('attribute');
  const otherwise = call.keywords.get('default');
  return listValue(iterate(operand).map(item => {
    if (path === undefined) return call.applyFilter(argumentText(call, 0), item, call.args.slice(1));
    const value = attribute(item, pythonStr(path));
    return isUndefined(value) ? otherwise ?? value : value;
  }));
};

const tojson: TemplateFilter = (operand, call) => {
  const indent = argument(call, 1, 'indent');
  const separators = argument(call, 2, 'separators');
  return textValue(pythonJson(operand, {
    ensureAscii: isTrue(argument(call, 0, 'ensure_ascii') ?? booleanValue(false)),
    ...(indent && isNumeric(indent) ? { indent: Number(indent.value) } : {}),
    ...(indent && isText(indent) ? { indent: indent.value } : {}),
    ...(separators && isList(separators) ? { separators: [pythonStr(separators.value[0]!), pythonStr(separators.value[1]!)] as [string, string] } : {}),
    sortKeys: isTrue(argument(call, 3, 'sort_keys') ?? booleanValue(false)),
  }));
};

const byDefault: TemplateFilter = (operand, call) => {
  const falsy = isTrue(argument(call, 1, 'boolean') ?? booleanValue(false)) && !isTrue(operand);
  return isUndefined(operand) || falsy ? argument(call, 0, 'default_value') ?? textValue('') : operand;
};

const join: TemplateFilter = (operand, call) => {
  const path = argument(call, 1, 'attribute');
  const items = iterate(operand).map(item => (path === undefined ? item : attribute(item, pythonStr(path))));
  return textValue(items.map(pythonStr).join(pythonStr(argument(call, 0, 'd') ?? textValue(''))));
};

const unique: TemplateFilter = operand => {
  const kept: Value[] = [];
  for (const item of iterate(operand)) {
    const same = (other: Value): boolean => pythonEquals(other, item) || (isText(other) && isText(item) && other.value.toLowerCase() === item.value.toLowerCase());
    if (!kept.some(same)) kept.push(item);
  }
  return listValue(kept);
};

const count: TemplateFilter = operand => integerValue(size(operand));

export const FILTERS: Readonly<Record<string, TemplateFilter>> = {
  trim: (operand, call) => {
    const chars = argument(call, 0, 'chars');
    return textValue(strip(pythonStr(operand), chars && isText(chars) ? chars.value : undefined));
  },
  string: operand => textValue(pythonStr(operand)),
  upper: operand => textValue(pythonStr(operand).toUpperCase()),
  lower: operand => textValue(pythonStr(operand).toLowerCase()),
  capitalize: operand => textValue(capitalize(pythonStr(operand))),
  title: operand => textValue(title(pythonStr(operand))),
  length: count,
  count,
  list: operand => listValue([...iterate(operand)]),
  first: operand => iterate(operand)[0] ?? undefinedValue(),
  last: operand => iterate(operand).at(-1) ?? undefinedValue(),
  reverse: operand => (isText(operand) ? textValue(Array.from(operand.value).reverse().join('')) : listValue([...iterate(operand)].reverse())),
  items: operand => listValue(isUndefined(operand) ? [] : [...mapEntries(operand)].map(([key, value]) => listValue([textValue(key), value]))),
  join,
  unique,
  map,
  select: choose(false, true),
  reject: choose(false, false),
  selectattr: choose(true, true),
  rejectattr: choose(true, false),
  format: (operand, call) => textValue(formatPercent(pythonStr(operand), call.args)),
  int: (operand, call) => {
    const number = isNumeric(operand) ? Number(operand.value) : /^\s*[+-]?\d+(\.\d*)?\s*$/.test(pythonStr(operand)) ? Number(pythonStr(operand)) : NaN;
    return Number.isFinite(number) ? integerValue(Math.trunc(number)) : argument(call, 0, 'default') ?? integerValue(0);
  },
  max: operand => extreme(operand, 1),
  min: operand => extreme(operand, -1),
  sum: operand => toValue(iterate(operand).reduce((sum, item) => sum + Number(item.value), 0)),
  wordcount: operand => integerValue(pythonStr(operand).match(/[\p{L}\p{N}_]+/gu)?.length ?? 0),
  default: byDefault,
  d: byDefault,
  tojson,
};

/** The largest (sign 1) or smallest (-1) of numbers or texts. */
function extreme(operand: Value, sign: 1 | -1): Value {
  return iterate(operand).reduce<Value>((best, item) => (isUndefined(best) || isTrue(binary(sign > 0 ? '>' : '<', item, best) ?? booleanValue((Number(item.value) - Number(best.value)) * sign > 0)) ? item : best), undefinedValue());
}

function mapEntries(value: Value): Map<string, Value> {
  if (isMap(value)) return value.value;
  throw new Error('Can only get item pairs from a mapping.');
}

/** `dict(**keywords)`, which the library does not have. */
export const dictOf = (args: Value[]): Value => {
  const entries = new Map<string, Value>();
  for (const arg of args) for (const [key, value] of mapEntries(arg)) entries.set(key, value);
  return mapValue(entries);
};
