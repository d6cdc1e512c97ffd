/** Values of the command line, checked; the messages name the option. */
import { existsSync } from 'node:fs';
import path from 'node:path';

/** The absolute path of a file or folder that is there. */
export function existing(name: string, file: string | undefined): string {
  if (file === undefined) throw new Error(`${name} is missing.`);
  if (!existsSync(file)) throw new Error(`${name} ${file} does not exist.${name === '--cli' ? ' Run "npm run build" first.' : ''}`);
  return path.resolve(file);
}

export function count(name: string, text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new Error(`${name} ${text}: a whole number from 1 is needed.`);
  return value;
}

/** A list that commas part. */
export function names(text: string): string[] {
  return text.split(',').filter(name => name !== '');
}

export function oneOf<T extends string>(name: string, text: string, known: readonly T[]): T {
  const found = known.find(one => one === text);
  if (found === undefined) throw new Error(`${name} ${text}: there is ${known.join(', ')}.`);
  return found;
}
