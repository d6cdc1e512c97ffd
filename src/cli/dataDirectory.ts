/** Where runs lie unless told otherwise. */
import path from 'node:path';

/** `--data-dir`, else `MERLINA_DATA_DIR`, else `.merlina` in the current folder. */
export function dataDirectory(option: string | undefined, environment: NodeJS.ProcessEnv = process.env): string {
  return path.resolve(option ?? environment.MERLINA_DATA_DIR ?? '.merlina');
}

/** Where a data directory keeps uploaded datasets. */
export function uploadsFolder(dataFolder: string): string {
  return path.join(dataFolder, 'uploads');
}
