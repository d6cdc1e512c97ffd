/** Models of the Hugging Face cache that can be used without the hub. */
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { hubCacheDir } from './settings';

export interface CachedModel {
  readonly id: string;
  /** Of its weights. */
  readonly sizeBytes: number;
}

const FOLDER = /^models--([^-].*?)--(.+)$/;

/** In order of their names. A model whose download was broken off before its weights is not listed. */
export async function cachedModels(cacheDir: string = hubCacheDir()): Promise<CachedModel[]> {
  const names = await readdir(cacheDir).catch(() => []);
  const found = await Promise.all(names.map(async (name): Promise<CachedModel[]> => {
    const [, owner, model] = FOLDER.exec(name) ?? [];
    const sizeBytes = owner === undefined ? 0 : await weightBytes(join(cacheDir, name, 'snapshots'));
    return sizeBytes > 0 ? [{ id: `${owner}/${model}`, sizeBytes }] : [];
  }));
  return found.flat().sort((a, b) => a.id.localeCompare(b.id));
}

/** Of the newest snapshot that has a config.json and weights; 0 where none has. */
async function weightBytes(snapshots: string): Promise<number> {
  const commits = await readdir(snapshots).catch(() => []);
  const sizes = await Promise.all(commits.map(async commit => {
    const folder = join(snapshots, commit), files = await readdir(folder).catch(() => []);
    if (!files.includes('config.json')) return 0;
    const weights = await Promise.all(files.filter(file => file.endsWith('.safetensors')).map(file => stat(join(folder, file)).then(({ size }) => size, () => 0)));
    return weights.reduce((sum, size) => sum + size, 0);
  }));
  return Math.max(0, ...sizes);
}
