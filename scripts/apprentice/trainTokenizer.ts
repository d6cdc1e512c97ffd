/** Trains the apprentice's tokenizer on its own text and the wizard's: `npx tsx scripts/apprentice/trainTokenizer.ts [DIR]`. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { trainBpe } from './bpe';
import { corpus, wizardRows } from './text';
import { SPECIAL_TOKENS, tokenizerFiles } from './tokenizerFiles';

export const VOCABULARY_SIZE = 1024;

/** File name to text of the tokenizer's files. */
export function apprenticeTokenizer(): Record<string, string> {
  const exchanges = [...corpus().train, ...wizardRows()];
  // Between special tokens stand a role with its newline, a text, and a newline.
  const texts = exchanges.flatMap(({ prompt, chosen }) => ['user\n', prompt, '\n', 'assistant\n', chosen]);
  return tokenizerFiles(trainBpe(texts, VOCABULARY_SIZE, SPECIAL_TOKENS));
}

export async function writeTokenizer(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const [name, text] of Object.entries(apprenticeTokenizer())) await writeFile(join(folder, name), text);
}

if (import.meta.url === pathToFileURL(resolve(process.argv[1])).href) await writeTokenizer(process.argv[2] ?? 'media/apprentice');
