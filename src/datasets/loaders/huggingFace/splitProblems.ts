/** What is said where a dataset on the hub does not hold what a recipe asks for. */
import { isSlip, nearest } from '../../../shared/nearest';
import { problemError } from '../../../shared/problem';
import type { Problem, ProblemError } from '../../../shared/problem';

/** Names shown of a list; the rest is a number. */
const SHOWN = 20;

/** `meant` is the name that was probably meant; the fix sets it. */
export function notThere(what: string, text: string, field: string, meant: string | undefined, advice?: string): Error {
  const fix = meant === undefined ? { text: `${advice ?? 'Choose one of them'}.` } : { text: `${advice === undefined ? `Set it to "${meant}"` : `${advice}, such as "${meant}"`}.`, set: { key: field, value: meant } };
  return problemError(`dataset/${what}`, text, { where: { field }, fix });
}

export function slip(word: string, known: readonly string[]): string | undefined {
  const found = nearest(word, known);
  return found && isSlip(word, found.word, found.distance) ? found.word : undefined;
}

export function noSuchFile(id: string, path: string, field: string | undefined): ProblemError {
  return problemError('dataset/no-data-files', field === undefined ? `The card of "${id}" names a file that is not there: ${path}.` : `"${id}" has no file "${path}".`,
    { ...(field !== undefined && { where: { field } }), fix: { text: field === undefined ? 'Tell its author, or name the files in data_files.' : 'Name one of its files, or a pattern such as "data/*.jsonl".' } });
}

export function nothingToRead(id: string, names: readonly string[], { dataDir, dataFiles, field }: { dataDir: string | null; dataFiles: readonly string[] | null; field: string }): ProblemError {
  const kinds = 'JSON, JSONL, CSV, TSV, Parquet or text (also as .gz or .zst)';
  if (dataFiles !== null) return problemError('dataset/no-data-files', `No file of rows in "${id}" matches ${dataFiles.map(pattern => `"${pattern}"`).join(', ')}.`, { where: { field: `${field}.data_files` }, fix: { text: `Name files of ${kinds}.` } });
  if (dataDir !== null) return problemError('dataset/no-data-files', `"${id}" has no files of rows in "${dataDir}".`, { where: { field: `${field}.data_dir` }, fix: { text: `Name a folder with ${kinds}.` } });
  const text = names.includes(scriptOf(id))
    ? `"${id}" is a Python script (${scriptOf(id)}), which is not run, and the hub holds no Parquet conversion of it.`
    : `"${id}" has no files of rows that can be read, and the hub holds no Parquet conversion of it. It has ${names.length === 0 ? 'no files' : listed(names)}.`;
  return problemError('dataset/no-data-files', text, { where: { field: `${field}.repo_id` }, fix: { text: `Choose a dataset with ${kinds}, or convert it once with Python: load_dataset(…).to_parquet(…).` } });
}

export function partial(id: string, split: string, field: string): Problem {
  return { id: 'dataset/partial-conversion', severity: 'warning', text: `The hub converted only the first part of split "${split}" of "${id}" to Parquet, so its later rows are not read.`, where: { field: `${field}.split` } };
}

/** Of "owner/name", the script that older datasets consist of. */
export function scriptOf(id: string): string {
  return `${id.slice(id.indexOf('/') + 1)}.py`;
}

export function listed(names: readonly string[]): string {
  return names.length <= SHOWN ? names.join(', ') : `${names.slice(0, SHOWN).join(', ')} and ${names.length - SHOWN} more`;
}
