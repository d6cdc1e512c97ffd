/** Brings a model from the hub into the Hugging Face cache, only the files a model needs, and of these only what is not there yet. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { problemError } from '../../shared/problem';
import { fileSize } from './cacheLayout';
import type { HubFile, RepoCache } from './cacheLayout';
import { isNetworkProblem } from './hubFetch';
import { isNeededText, weightFiles } from './neededFiles';
import { HubRepository } from './repository';
import { hubSettings } from './settings';
import type { HubOptions } from './settings';

export const INDEX = 'model.safetensors.index.json';

export interface DownloadedModel {
  /** The snapshot's folder. */
  readonly folder: string;
  /** Commit that the revision named; pin it to get the same files again. */
  readonly commit: string;
  readonly downloadedBytes: number;
  /** True where the hub was not asked or could not be reached. */
  readonly isFromCache: boolean;
}

/** `id` is "organisation/name". Throws a ProblemError: no such model or revision, gated, no access, no network, disk full, wrong checksum. */
export async function downloadModel(id: string, options: HubOptions = {}): Promise<DownloadedModel> {
  const settings = await hubSettings(options);
  const repository = new HubRepository('model', id, settings, options);
  if (settings.isOffline) {
    const cached = await fromCache(repository.cache, settings.revision);
    if (cached) return cached;
    throw problemError('models/offline', `"${id}" (revision "${settings.revision}") is not in the cache ${settings.cacheDir}, and offline mode is on.`,
      { fix: { text: 'Unset HF_HUB_OFFLINE to download it, or name a local folder.' } });
  }
  try {
    return await download(repository, settings.revision);
  } catch (error) {
    const cached = isNetworkProblem(error) ? await fromCache(repository.cache, settings.revision) : undefined;
    if (cached) return cached;
    throw error;
  }
}

/** A snapshot counts where it has a config and weights: one that an interrupted download left without them is not used. */
async function fromCache(cache: RepoCache, revision: string): Promise<DownloadedModel | undefined> {
  const commit = await cache.commitOf(revision);
  if (commit === undefined) return undefined;
  const folder = cache.snapshot(commit), has = async (name: string): Promise<boolean> => await fileSize(join(folder, name)) !== undefined;
  if (!await has('config.json')) return undefined;
  const index = await readFile(join(folder, INDEX), 'utf8').catch(() => undefined);
  const weights = await has('model.safetensors') ? ['model.safetensors'] : index === undefined ? [] : Object.values((JSON.parse(index) as { weight_map: Record<string, string> }).weight_map);
  const isComplete = weights.length > 0 && (await Promise.all([...new Set(weights)].map(has))).every(Boolean);
  return isComplete ? { folder, commit, downloadedBytes: 0, isFromCache: true } : undefined;
}

async function download(repository: HubRepository, revision: string): Promise<DownloadedModel> {
  const { commit, weights } = await neededOf(repository, isNeededText);
  await repository.bring(commit, weights);
  await repository.cache.setRef(revision, commit);
  return { folder: repository.cache.snapshot(commit), commit, downloadedBytes: repository.downloadedBytes, isFromCache: false };
}

/** Brings those texts that are wanted, and says which weights belong to them. Throws the Problem of a repository that holds no model. */
export async function neededOf(repository: HubRepository, isWanted: (name: string) => boolean): Promise<{ commit: string; files: HubFile[]; weights: HubFile[] }> {
  const { id, cache } = repository;
  const commit = await repository.commit(), files = await repository.list(commit), names = new Set(files.map(file => file.name));
  if (!names.has('config.json')) throw problemError('models/not-a-model', `"${id}" has no config.json.`, { fix: { text: 'Name a repository that holds a language model.' } });
  await repository.bring(commit, files.filter(file => isNeededText(file.name) && isWanted(file.name)));
  const index = names.has(INDEX) ? await readFile(join(cache.snapshot(commit), INDEX), 'utf8') : undefined;
  const wanted = new Set(weightFiles(id, names, index));
  return { commit, files, weights: files.filter(file => wanted.has(file.name)) };
}
