/** The texts of a folder that tokenizer and chat template are made of. */
import { join } from 'node:path';
import { readJsonObject, readTextIfPresent } from './jsonFile';
import type { ModelSource } from './source';

export type TokenizerFiles = Pick<ModelSource, 'tokenizer' | 'chatTemplate'>;

export async function readTokenizerFiles(folder: string, names: ReadonlySet<string>): Promise<TokenizerFiles> {
  const tokenizerConfig = await readTextIfPresent(join(folder, 'tokenizer_config.json'));
  const tokenizerJson = await readTextIfPresent(join(folder, 'tokenizer.json'));
  return {
    tokenizer: tokenizerJson === undefined ? undefined : { tokenizerJson, tokenizerConfig: tokenizerConfig ?? '{}' },
    chatTemplate: await readChatTemplate(folder, names),
  };
}

/** chat_template.jinja, else chat_template.json, else tokenizer_config.json, where it is a text or a list of named ones. */
async function readChatTemplate(folder: string, names: ReadonlySet<string>): Promise<string | undefined> {
  const jinja = await readTextIfPresent(join(folder, 'chat_template.jinja'));
  if (jinja !== undefined) return jinja;
  for (const name of ['chat_template.json', 'tokenizer_config.json']) {
    if (!names.has(name)) continue;
    const { chat_template: template } = await readJsonObject(join(folder, name));
    if (typeof template === 'string') return template;
    if (Array.isArray(template)) {
      const entries = template.filter(isNamedTemplate);
      const chosen = entries.find(entry => entry.name === 'default') ?? entries[0];
      if (chosen) return chosen.template;
    }
  }
  return undefined;
}

function isNamedTemplate(value: unknown): value is { name: string; template: string } {
  return typeof value === 'object' && value !== null && 'name' in value && 'template' in value && typeof value.name === 'string' && typeof value.template === 'string';
}
