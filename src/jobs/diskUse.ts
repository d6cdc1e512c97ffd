/** What a run takes on disk. */
import fs from 'node:fs';
import path from 'node:path';

/** Bytes of all files in a folder; what vanishes meanwhile counts nothing. */
export function diskUse(folder: string): number {
  let bytes = 0;
  for (const entry of entriesOf(folder)) {
    const file = path.join(folder, entry.name);
    bytes += entry.isDirectory() ? diskUse(file) : fs.lstatSync(file, { throwIfNoEntry: false })?.size ?? 0;
  }
  return bytes;
}

function entriesOf(folder: string): fs.Dirent[] {
  try {
    return fs.readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}
