/** Python's `"%s" % value`, as the `format` filter of Jinja uses it too. */
import { isNumeric, pythonStr } from './runtimeValues';
import type { Value } from './runtimeValues';

/** Understands %s, %d, %i, %f, %x and %% with flags 0 and -, width and precision; others throw. */
export function formatPercent(template: string, args: readonly Value[]): string {
  let next = 0;
  const text = template.replace(/%([-0]*)(\d*)(?:\.(\d+))?(.)/gs, (_, flags: string, width: string, precision: string | undefined, kind: string) => {
    if (kind === '%') return '%';
    const value = args[next++];
    if (value === undefined) throw new Error('not enough arguments for format string');
    const shown = show(value, kind, precision === undefined ? undefined : Number(precision));
    if (flags.includes('-')) return shown.padEnd(Number(width));
    return shown.padStart(Number(width), flags.includes('0') && kind !== 's' ? '0' : ' ');
  });
  if (next < args.length) throw new Error('not all arguments converted during string formatting');
  return text;
}

function show(value: Value, kind: string, precision: number | undefined): string {
  if (kind === 's') return pythonStr(value).slice(0, precision);
  if (!isNumeric(value)) throw new Error(`%${kind} format: a real number is required`);
  const number = Number(value.value);
  switch (kind) {
    case 'd': case 'i': return String(Math.trunc(number));
    case 'f': return number.toFixed(precision ?? 6);
    case 'x': return Math.trunc(number).toString(16);
    default: throw new Error(`unsupported format character '${kind}'`);
  }
}
