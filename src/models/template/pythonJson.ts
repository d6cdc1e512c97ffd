/** json.dumps of a runtime value, as transformers' `tojson` filter calls it (no HTML escapes, ensure_ascii off by default). */
import { isList, isMap, isNull, isNumeric, isText, typeName } from './runtimeValues';
import type { Value } from './runtimeValues';
import { floatText } from './pythonText';

export interface JsonOptions {
  indent?: number | string;
  ensureAscii?: boolean;
  /** Between items, and between key and value. */
  separators?: [string, string];
  sortKeys?: boolean;
}

/** Throws where Python does: undefined names, functions and namespaces have no JSON. */
export function pythonJson(value: Value, options: JsonOptions = {}, depth = 0): string {
  if (isText(value)) return quote(value.value, options.ensureAscii ?? false);
  if (isNull(value)) return 'null';
  if (value.type === 'FloatValue') return floatText(Number(value.value));
  if (isNumeric(value)) return String(value.value);
  if (isList(value)) return enclose('[', ']', value.value.map(item => pythonJson(item, options, depth + 1)), options, depth);
  if (isMap(value)) {
    const entries = [...value.value];
    if (options.sortKeys) entries.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
    const between = options.separators?.[1] ?? ': ';
    return enclose('{', '}', entries.map(([key, item]) => quote(key, options.ensureAscii ?? false) + between + pythonJson(item, options, depth + 1)), options, depth);
  }
  throw new Error(`Object of type ${typeName(value)} is not JSON serializable`);
}

function enclose(open: string, close: string, items: string[], options: JsonOptions, depth: number): string {
  if (items.length === 0) return open + close;
  if (options.indent === undefined) return open + items.join(options.separators?.[0] ?? ', ') + close;
  const unit = typeof options.indent === 'number' ? ' '.repeat(options.indent) : options.indent;
  const inner = '\n' + unit.repeat(depth + 1);
  return open + inner + items.join((options.separators?.[0] ?? ',') + inner) + '\n' + unit.repeat(depth) + close;
}

function quote(text: string, ensureAscii: boolean): string {
  const json = JSON.stringify(text);
  return ensureAscii ? json.replace(/[\x7f-\uffff]/g, char => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`) : json;
}
