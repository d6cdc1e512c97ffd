/** The template library's runtime values, and what Python does with them: str, repr, ==, truth, JSON. */
import { Environment, type Interpreter } from '@huggingface/jinja';
import { floatText, stringRepr } from './pythonText';

export type Value = ReturnType<Interpreter['run']>;
/** Values of functions: called with evaluated arguments, keyword arguments last where there are any. */
export type Callable = (args: Value[], scope: Environment) => Value;

type Make<T> = new (value: T) => Value;

/** A plain JavaScript value as a runtime value. */
export function toValue(value: unknown): Value {
  return new Environment().set('value', value);
}

// The library does not export its value classes; an instance of each shows them.
const TextClass = toValue('').constructor as Make<string>;
const ListClass = toValue([]).constructor as Make<Value[]>;
const MapClass = toValue({}).constructor as Make<Map<string, Value>>;
const FunctionClass = toValue(() => null).constructor as Make<Callable>;
const BooleanClass = toValue(true).constructor as Make<boolean>;
const IntegerClass = toValue(1).constructor as Make<number>;

export const textValue = (text: string): Value => new TextClass(text);
export const listValue = (items: Value[]): Value => new ListClass(items);
export const mapValue = (entries: Map<string, Value>): Value => new MapClass(entries);
export const functionValue = (call: Callable): Value => new FunctionClass(call);
export const booleanValue = (value: boolean): Value => new BooleanClass(value);
export const integerValue = (value: number): Value => new IntegerClass(value);
export const nullValue = (): Value => toValue(null);
export const undefinedValue = (): Value => toValue(undefined);

export const isText = (value: Value): value is Value & { value: string } => value.type === 'StringValue';
export const isList = (value: Value): value is Value & { value: Value[] } => value.type === 'ArrayValue' || value.type === 'TupleValue';
export const isMap = (value: Value): value is Value & { value: Map<string, Value> } => value.type === 'ObjectValue' || value.type === 'KeywordArgumentsValue';
export const isNull = (value: Value): boolean => value.type === 'NullValue';
export const isUndefined = (value: Value): boolean => value.type === 'UndefinedValue';
export const isNumeric = (value: Value): value is Value & { value: number | boolean } =>
  value.type === 'IntegerValue' || value.type === 'FloatValue' || value.type === 'BooleanValue';
export const isNamespace = (value: Value): value is Value & { value: Map<string, Value> } => value.type === 'NamespaceValue';
export const isTrue = (value: Value): boolean => value.__bool__().value;

/** str(): what `{{ value }}` prints. An undefined name prints nothing. */
export function pythonStr(value: Value): string {
  if (isText(value)) return value.value;
  return isUndefined(value) ? '' : pythonRepr(value);
}

/** repr(): how a value looks inside a printed list or mapping. */
export function pythonRepr(value: Value): string {
  if (isText(value)) return stringRepr(value.value);
  if (isNull(value)) return 'None';
  if (isUndefined(value)) return 'Undefined';
  if (value.type === 'BooleanValue') return value.value ? 'True' : 'False';
  if (value.type === 'FloatValue') return floatText(Number(value.value));
  if (isList(value)) {
    const inner = value.value.map(pythonRepr).join(', ');
    if (value.type !== 'TupleValue') return `[${inner}]`;
    return value.value.length === 1 ? `(${inner},)` : `(${inner})`;
  }
  if (isMap(value)) return `{${[...value.value].map(([key, item]) => `${stringRepr(key)}: ${pythonRepr(item)}`).join(', ')}}`;
  return value.toString();
}

/** Python's ==: deep for lists and mappings, never between text and number. */
export function pythonEquals(a: Value, b: Value): boolean {
  if (isNumeric(a) && isNumeric(b)) return Number(a.value) === Number(b.value);
  if (isList(a) && isList(b)) return a.value.length === b.value.length && a.value.every((item, i) => pythonEquals(item, b.value[i]!));
  if (isMap(a) && isMap(b)) {
    return a.value.size === b.value.size && [...a.value].every(([key, item]) => {
      const other = b.value.get(key);
      return other !== undefined && pythonEquals(item, other);
    });
  }
  return a.type === b.type && a.value === b.value;
}

/** What a `for` runs over: list items, mapping keys, characters; nothing for an undefined name. */
export function iterate(value: Value): Value[] {
  if (isList(value)) return value.value;
  if (isMap(value)) return [...value.value.keys()].map(key => textValue(String(key)));
  if (isText(value)) return Array.from(value.value, char => textValue(char));
  if (isUndefined(value)) return [];
  throw new Error(`'${typeName(value)}' object is not iterable`);
}

/** Python's name of a value's type, for messages. */
export function typeName(value: Value): string {
  return TYPE_NAMES[value.type] ?? value.type;
}

const TYPE_NAMES: Record<string, string> = {
  StringValue: 'str', IntegerValue: 'int', FloatValue: 'float', BooleanValue: 'bool', NullValue: 'NoneType', UndefinedValue: 'Undefined',
  ArrayValue: 'list', TupleValue: 'tuple', ObjectValue: 'dict', KeywordArgumentsValue: 'dict', NamespaceValue: 'Namespace', FunctionValue: 'function',
};
