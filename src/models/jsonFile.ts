/** Reads the text files of a model folder; what cannot be read or parsed is a Problem that names the file. */
import { readFile } from 'node:fs/promises';
import { problemError } from '../shared/problem';
import { unreadable } from './fileRange';

export async function readJsonObject(file: string): Promise<Record<string, unknown>> {
  const text = await readFile(file, 'utf8').catch(error => { throw unreadable(file, error); });
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw problemError('models/bad-json', `it is not JSON: ${(error as Error).message}.`, { where: { file }, fix: { text: 'Download the file again, or correct it.' } }, error);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw problemError('models/bad-json', 'it is not a JSON object.', { where: { file } });
  return value as Record<string, unknown>;
}

/** undefined where the file does not exist. */
export async function readTextIfPresent(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw unreadable(file, error);
  }
}
