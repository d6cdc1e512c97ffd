/** Which models of the hub are in the cache, whole enough to be opened. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileSize, RepoCache } from './cacheLayout';
import { hubCacheDir } from './settings';

export interface CachedModel {
  /** "owner/name". */
  readonly id: string;
  /** models--OWNER--NAME: all that the cache keeps of it. */
  readonly folder: string;
  /** Of all files, each once. */
  readonly bytes: number;
}

/** Weights are one of these. */
const WEIGHTS = ['model.safetensors', 'model.safetensors.index.json'];
const FOLDER = /^models--([^-](?:(?!--).)*)--((?:(?!--).)+)$/;

/** In order of name; nothing where there is no cache. */
export async function cachedModels(cacheDir = hubCacheDir()): Promise<CachedModel[]> {
  const names = await readdir(cacheDir).catch(() => []);
  const ids = names.flatMap(name => {
    const [, owner, rest] = FOLDER.exec(name) ?? [];
    return owner === undefined ? [] : [`${owner}/${rest}`];
  });
  const found = await Promise.all(ids.map(id => cachedModel(cacheDir, id)));
  return found.filter(model => model !== undefined).sort((a, b) => a.id.localeCompare(b.id));
}

async function cachedModel(cacheDir: string, id: string): Promise<CachedModel | undefined> {
  const cache = new RepoCache(cacheDir, 'model', id);
  const commit = await cache.commitOf('main');
  if (commit === undefined) return undefined;
  const sizes = await Promise.all(['config.json', ...WEIGHTS].map(name => fileSize(join(cache.snapshot(commit), name))));
  const [config, ...weights] = sizes;
  if (config === undefined || weights.every(size => size === undefined)) return undefined;
  const blobs = await readdir(cache.blob('')).catch(() => []);
  const blobSizes = await Promise.all(blobs.map(name => fileSize(cache.blob(name))));
  return { id, folder: cache.root, bytes: blobSizes.reduce<number>((sum, size) => sum + (size ?? 0), 0) };
}
