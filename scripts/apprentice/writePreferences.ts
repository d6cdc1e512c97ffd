/** Writes the built-in preference set into media: `npx tsx scripts/apprentice/writePreferences.ts [DIR]`. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { jsonLines, wizardRows } from './text';

export async function writePreferences(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'wizard.jsonl'), jsonLines(wizardRows()));
}

if (import.meta.url === pathToFileURL(resolve(process.argv[1])).href) await writePreferences(process.argv[2] ?? 'media/apprentice');
