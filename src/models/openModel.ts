/** What a user names as a model, opened: a folder, a GGUF file, or an id on the hub. */
import { stat } from 'node:fs/promises';
import { isAbsolute, resolve } from 'node:path';
import { ProblemError, problemError } from '../shared/problem';
import { openGguf } from './gguf';
import { downloadModel } from './hub';
import type { HubOptions } from './hub';
import { openFolder } from './openFolder';
import type { ModelSource } from './source';

export interface OpenModelOptions extends HubOptions {
  /** Relative paths start here; the process's folder where absent. */
  readonly baseDir?: string;
}

/** Throws a ProblemError where there is no such model or it is not sound. An existing path wins over a hub id of the same name. */
export async function openModel(id: string, options: OpenModelOptions = {}): Promise<ModelSource> {
  const path = resolve(options.baseDir ?? process.cwd(), id);
  const found = await stat(path).catch(() => undefined);
  if (found?.isDirectory()) return openFolder(path, id);
  if (found?.isFile()) {
    if (id.toLowerCase().endsWith('.gguf')) return openGguf(path, id);
    throw problemError('models/not-a-model', 'the file is not a GGUF; a model is named by its folder.', { where: { file: path }, fix: { text: 'Name the folder that holds config.json, or a .gguf file.' } });
  }
  if (!isHubId(id))
    throw problemError('models/no-such-model', `no such model: "${id}". Looked for the folder or file ${path}; it is not a hub id ("organisation/name") either.`, { fix: { text: 'Check the path.' } });
  const { folder, commit } = await downloadModel(id, options).catch(error => { throw withPath(error, path); });
  return { ...await openFolder(folder, id), revision: commit };
}

/** Where the hub has no such model, says that no folder of this name was found either. */
function withPath(error: unknown, path: string): unknown {
  if (!(error instanceof ProblemError)) return error;
  return new ProblemError(error.problems.map(problem => problem.id === 'models/no-such-model' ? { ...problem, notes: [...problem.notes ?? [], `There is no folder ${path} either.`] } : problem), { cause: error });
}

/** Letters, digits and . _ - in both parts, as the hub allows; nothing that reads as a path. */
export function isHubId(id: string): boolean {
  return !isAbsolute(id) && !id.toLowerCase().endsWith('.gguf') && /^[A-Za-z0-9][\w.-]{0,95}\/[A-Za-z0-9][\w.-]{0,95}$/.test(id) && !id.includes('..') && !id.includes('--');
}
