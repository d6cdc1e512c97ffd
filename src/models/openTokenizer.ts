/** A model's tokenizer and chat template alone: what looking at tokens needs, without the weights. */
import { readdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import { problemError } from '../shared/problem';
import { downloadTokenizer } from './hub/downloadTokenizer';
import { isHubId, openModel } from './openModel';
import type { OpenModelOptions } from './openModel';
import { loadTokenizer } from './tokenizer';
import type { Tokenizer } from './tokenizer';
import { readTokenizerFiles } from './tokenizerFiles';
import type { TokenizerFiles } from './tokenizerFiles';

export interface OpenedTokenizer {
  /** What the user named. */
  name: string;
  tokenizer: Tokenizer;
  chatTemplate: string | undefined;
}

/** `id` as for openModel; a folder may hold the tokenizer only. Problems: those of openModel, models/no-tokenizer, tokenizer/unreadable. */
export async function openTokenizer(id: string, options: OpenModelOptions = {}): Promise<OpenedTokenizer> {
  const { tokenizer, chatTemplate } = await filesOf(id, options);
  if (!tokenizer) throw problemError('models/no-tokenizer', `"${id}" has no tokenizer.json.`, { fix: { text: 'Name a model that has one ("fast" tokenizer), or convert it with transformers: AutoTokenizer.from_pretrained(M).save_pretrained(M).' } });
  return { name: id, tokenizer: loadTokenizer(tokenizer), chatTemplate };
}

async function filesOf(id: string, options: OpenModelOptions): Promise<TokenizerFiles> {
  const folder = resolve(options.baseDir ?? process.cwd(), id);
  const names = await namesIn(folder);
  if (names?.has('tokenizer.json')) return readTokenizerFiles(folder, names);
  if (names || !isHubId(id)) return openModel(id, options);
  const snapshot = await downloadTokenizer(id, options);
  return readTokenizerFiles(snapshot, await namesIn(snapshot) ?? new Set());
}

/** Undefined where there is no such folder. */
async function namesIn(folder: string): Promise<Set<string> | undefined> {
  return readdir(folder).then(names => new Set(names), () => undefined);
}
