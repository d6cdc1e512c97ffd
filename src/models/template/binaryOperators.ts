/** Python's binary operators where the library's differ. */
import {
  booleanValue, integerValue, isList, isMap, isNumeric, isText, isUndefined, listValue, pythonEquals, pythonStr, textValue, typeName,
} from './runtimeValues';
import type { Value } from './runtimeValues';
import { formatPercent } from './formatPercent';

/** The result, or undefined where the library's own rule is right (arithmetic of numbers, mostly). Throws as Python's TypeError. */
export function binary(operator: string, left: Value, right: Value): Value | undefined {
  switch (operator) {
    case '==': return booleanValue(pythonEquals(left, right));
    case '!=': return booleanValue(!pythonEquals(left, right));
    case '~': return textValue(pythonStr(left) + pythonStr(right));
    case 'in': return booleanValue(contains(right, left));
    case 'not in': return booleanValue(!contains(right, left));
    case '+': return add(left, right);
    case '*': return repeat(left, right) ?? repeat(right, left);
    case '%': return isText(left) ? textValue(formatPercent(left.value, isList(right) ? right.value : [right])) : modulo(left, right);
    case '<': case '>': case '<=': case '>=': return compareText(operator, left, right);
    default: return undefined;
  }
}

function contains(container: Value, item: Value): boolean {
  if (isText(container)) {
    if (!isText(item)) throw new Error(`'in <string>' requires string as left operand, not ${typeName(item)}`);
    return container.value.includes(item.value);
  }
  if (isList(container)) return container.value.some(other => pythonEquals(other, item));
  if (isMap(container)) return isText(item) && container.value.has(item.value);
  if (isUndefined(container)) return false;
  throw new Error(`argument of type '${typeName(container)}' is not iterable`);
}

function add(left: Value, right: Value): Value | undefined {
  if (isText(left) && isText(right)) return textValue(left.value + right.value);
  if (isUndefined(left) || isUndefined(right)) throw new Error('an undefined value cannot be added');
  if (isNumeric(left) && isNumeric(right) && left.type !== 'FloatValue' && right.type !== 'FloatValue') return integerValue(Number(left.value) + Number(right.value));
  if (isText(left)) throw new Error(`can only concatenate str (not "${typeName(right)}") to str`);
  if (isText(right)) throw new Error(`unsupported operand type(s) for +: '${typeName(left)}' and 'str'`);
  return undefined;
}

/** "=" * 3 and [0] * 3. */
function repeat(sequence: Value, times: Value): Value | undefined {
  if (!isNumeric(times)) return undefined;
  const count = Math.max(0, Number(times.value));
  if (isText(sequence)) return textValue(sequence.value.repeat(count));
  if (isList(sequence)) return listValue(Array.from({ length: count }, () => sequence.value).flat());
  return undefined;
}

/** The remainder has the divisor's sign. */
function modulo(left: Value, right: Value): Value | undefined {
  if (left.type !== 'IntegerValue' || right.type !== 'IntegerValue') return undefined;
  const divisor = Number(right.value);
  if (divisor === 0) throw new Error('integer modulo by zero');
  return integerValue(((Number(left.value) % divisor) + divisor) % divisor);
}

function compareText(operator: string, left: Value, right: Value): Value | undefined {
  if (!isText(left) || !isText(right)) return undefined;
  const order = codePointOrder(left.value, right.value);
  const holds = operator === '<' ? order < 0 : operator === '>' ? order > 0 : operator === '<=' ? order <= 0 : order >= 0;
  return booleanValue(holds);
}

function codePointOrder(a: string, b: string): number {
  const left = Array.from(a, char => char.codePointAt(0)!);
  const right = Array.from(b, char => char.codePointAt(0)!);
  const different = left.findIndex((point, i) => point !== right[i]);
  return different < 0 ? left.length - right.length : left[different]! - (right[different] ?? -1);
}
