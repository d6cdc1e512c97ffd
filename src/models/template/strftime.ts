/** Python's strftime in the C locale, for `strftime_now` of chat templates. */

const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const MONTHS = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December'];

const two = (value: number): string => String(value).padStart(2, '0');
const hour12 = (date: Date): number => date.getHours() % 12 || 12;

/** Days since 1 January, from 0. UTC of the local calendar day, so that no clock change counts. */
function dayOfYear(date: Date): number {
  return Math.round((Date.UTC(date.getFullYear(), date.getMonth(), date.getDate()) - Date.UTC(date.getFullYear(), 0, 1)) / 86_400_000);
}

const CODES: Record<string, (date: Date) => string> = {
  a: date => DAYS[date.getDay()]!.slice(0, 3),
  A: date => DAYS[date.getDay()]!,
  b: date => MONTHS[date.getMonth()]!.slice(0, 3),
  B: date => MONTHS[date.getMonth()]!,
  d: date => two(date.getDate()),
  e: date => String(date.getDate()).padStart(2, ' '),
  F: date => `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`,
  H: date => two(date.getHours()),
  I: date => two(hour12(date)),
  j: date => String(dayOfYear(date) + 1).padStart(3, '0'),
  m: date => two(date.getMonth() + 1),
  M: date => two(date.getMinutes()),
  p: date => (date.getHours() < 12 ? 'AM' : 'PM'),
  S: date => two(date.getSeconds()),
  T: date => `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`,
  w: date => String(date.getDay()),
  y: date => two(date.getFullYear() % 100),
  Y: date => String(date.getFullYear()),
  '%': () => '%',
};

/** Local time; `%-d` and the like drop the leading zero, as glibc does. Unknown codes stay as they are. */
export function strftime(date: Date, format: string): string {
  return format.replace(/%(-?)([a-zA-Z%])/g, (whole, minus: string, code: string) => {
    const text = CODES[code]?.(date);
    if (text === undefined) return whole;
    return minus ? text.replace(/^[0 ]+(?=\d)/, '') : text;
  });
}
