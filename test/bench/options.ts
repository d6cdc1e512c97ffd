/** Values of the command line, checked; the messages name the option. */
import { existsSync } from 'node:fs';
import path from 'node:path';

const ROOT = path.resolve(import.meta.dirname, '../..');
const STRING = { type: 'string' } as const;

/** What each bench that trains our settings takes, for parseArgs; `bench` begins the name of its result, `only` are the settings where none are named. */
export function trainingOptions(bench: string, only = '') {
  return {
    model: STRING,
    only: { ...STRING, default: only },
    threads: STRING,
    cli: { ...STRING, default: path.join(ROOT, 'dist/cli.mjs') },
    out: { ...STRING, default: path.join(ROOT, 'out/bench', `${bench}-${new Date().toISOString().replaceAll(':', '-')}.json`) },
  };
}

/** Their values; `threads` null means all. */
export function readTrainingOptions({ model, only, threads, cli, out }: { model?: string; only: string; threads?: string; cli: string; out: string }) {
  return {
    model: existing('--model (or MERLINA_BENCH_MODEL)', model ?? process.env.MERLINA_BENCH_MODEL),
    only: names(only),
    threads: threads === undefined ? null : count('--threads', threads),
    cli: existing('--cli', cli),
    out: path.resolve(out),
  };
}

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
