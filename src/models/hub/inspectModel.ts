/** What a model of the hub is, before it is downloaded: its few small texts are brought, and whether the rest may be read is asked. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { INDEX, neededOf } from './downloadModel';
import { isNeededText } from './neededFiles';
import { HubRepository } from './repository';
import { hubSettings } from './settings';
import type { HubOptions } from './settings';

export interface InspectedModel {
  /** Of config.json and tokenizer_config.json, as they are written; the second may not be there. */
  readonly config: unknown;
  readonly tokenizerConfig: unknown;
  readonly hasTokenizer: boolean;
  readonly hasChatTemplate: boolean;
  /** Still to be transferred before the model can be opened. */
  readonly downloadBytes: number;
}

const TEXTS = ['config.json', 'tokenizer_config.json', INDEX];

/** Throws the ProblemError that downloading would end with: no such model, gated, no access, no usable weights, no network. */
export async function inspectModel(id: string, options: HubOptions = {}): Promise<InspectedModel> {
  const repository = new HubRepository('model', id, await hubSettings(options), options);
  const { commit, files, weights } = await neededOf(repository, name => TEXTS.includes(name));
  const names = files.map(({ name }) => name), [first] = weights;
  if (first) await repository.checkAccess(commit, first.name);
  const read = async (name: string): Promise<unknown> => names.includes(name) ? parseJson(await readFile(join(repository.cache.snapshot(commit), name), 'utf8')) : undefined;
  const [config, tokenizerConfig] = await Promise.all([read('config.json'), read('tokenizer_config.json')]);
  return {
    config, tokenizerConfig, hasTokenizer: names.includes('tokenizer.json'),
    hasChatTemplate: names.includes('chat_template.jinja') || names.includes('chat_template.json') || (isObject(tokenizerConfig) && Boolean(tokenizerConfig.chat_template)),
    downloadBytes: await repository.missingBytes(commit, [...weights, ...files.filter(({ name }) => isNeededText(name))]),
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
