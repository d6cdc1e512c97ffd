/** Command-line arguments, with a Problem for each that cannot be understood. */
import { parseArgs } from 'node:util';
import type { ParseArgsConfig } from 'node:util';
import { problemError } from '../shared/problem';

type OptionSpecs = NonNullable<ParseArgsConfig['options']>;
type Parsed<T extends OptionSpecs> = ReturnType<typeof parseArgs<{ args: string[]; options: T; allowPositionals: true }>>;

/** As node:util's parseArgs, options and words in any order. */
export function parseArguments<const T extends OptionSpecs>(args: readonly string[], options: T, command: string): Parsed<T> {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true });
  } catch (error) {
    // Node adds advice on words that begin with a dash, which none of ours do.
    const words = (error instanceof Error ? error.message : String(error)).split(/(?<=\.) /)[0]!;
    throw problemError('cli/arguments', words, { fix: { text: `See \`merlina ${command} --help\`.` } }, error);
  }
}

export interface NumberBounds { readonly min: number; readonly max: number; readonly isInteger?: boolean }

/** The number of an option, or `fallback` where it is not given. */
export function numberOption(text: string | undefined, name: string, fallback: number, { min, max, isInteger = false }: NumberBounds): number {
  if (text === undefined) return fallback;
  const value = Number(text);
  const isGood = text.trim() !== '' && value >= min && value <= max && (!isInteger || Number.isInteger(value));
  if (!isGood) {
    throw problemError('cli/arguments', `--${name} is "${text}"; ${isInteger ? 'a whole number' : 'a number'} from ${min} to ${max} is needed.`);
  }
  return value;
}
