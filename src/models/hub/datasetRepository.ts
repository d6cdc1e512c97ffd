/** A dataset of the hub, pinned to a commit: its files by name, each downloaded when it is asked for. Offline, what the cache holds. */
import { readdir } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { problemError } from '../../shared/problem';
import { RepoCache, fileSize, isCommit, isSafeName } from './cacheLayout';
import type { HubFile } from './cacheLayout';
import { isNetworkProblem } from './hubFetch';
import { HubRepository } from './repository';
import { hubSettings, withoutCredentials } from './settings';
import type { HubOptions, HubSettings } from './settings';

/** Letters, digits and . _ - in one or two parts; old datasets have no organisation. */
const idPattern = /^[A-Za-z0-9][\w.-]{0,95}(?:\/[A-Za-z0-9][\w.-]{0,95})?$/;

/** Throws a ProblemError: no such dataset or revision, gated, no access, no network or offline with nothing in the cache. */
export async function openDataset(id: string, options: HubOptions = {}): Promise<DatasetRepository> {
  if (!idPattern.test(id) || id.includes('..') || id.includes('--'))
    throw problemError('dataset/bad-id', `"${id}" is not the id of a dataset on the hub.`, { fix: { text: 'Write it as owner/name, as in its address.' } });
  const settings = await hubSettings(options), { revision } = settings;
  const hub = new HubRepository('dataset', id, settings, options);
  if (isCommit(revision)) return new DatasetRepository(id, revision, settings, options, settings.isOffline ? undefined : hub);
  const cached = async (): Promise<DatasetRepository | undefined> => {
    const commit = await hub.cache.commitOf(revision);
    return commit === undefined ? undefined : new DatasetRepository(id, commit, settings, options, undefined);
  };
  if (settings.isOffline) {
    const found = await cached();
    if (found) return found;
    throw problemError('dataset/offline', `"${id}" (revision "${revision}") is not in the cache ${settings.cacheDir}, and offline mode is on.`, { fix: OFFLINE_FIX });
  }
  try {
    return new DatasetRepository(id, await hub.commit(), settings, options, hub);
  } catch (error) {
    const found = isNetworkProblem(error) ? await cached() : undefined;
    if (found) return found;
    throw error;
  }
}

const OFFLINE_FIX = { text: 'Unset HF_HUB_OFFLINE to download it, or name a local file.' };

export class DatasetRepository {
  private readonly cache: RepoCache;
  private readonly known = new Map<string, HubFile>();
  /** Whether a list was of what the cache happens to hold, as Python tools left it, and not of all there is. */
  isListedFromCache = false;

  /** `hub` is undefined where it is not asked or could not be reached. */
  constructor(readonly id: string, readonly commit: string, private readonly settings: HubSettings, private readonly options: HubOptions, private readonly hub: HubRepository | undefined) {
    this.cache = new RepoCache(settings.cacheDir, 'dataset', id);
  }

  /** Branch, tag or commit as it was asked for. */
  get revision(): string { return this.settings.revision; }

  /** The same dataset at another branch, tag or commit. */
  at(revision: string): Promise<DatasetRepository> {
    return openDataset(this.id, { ...this.options, revision });
  }

  /** Names of the files in a folder ('' is the top), and in all below it where `isRecursive`; sorted. */
  async list(folder = '', isRecursive = false): Promise<string[]> {
    const files = await this.listing(folder, isRecursive);
    this.isListedFromCache ||= files === undefined;
    return (files?.map(({ name }) => name) ?? await this.walk(folder, isRecursive)).sort();
  }

  /** Bytes of a listed file that have to be transferred: 0 where it is here. Undefined where that is not known. */
  async missingBytes(name: string): Promise<number | undefined> {
    return await this.path(name) === undefined ? this.known.get(name)?.size : 0;
  }

  /** Path of a listed file on this machine; brings it where it is not here. Throws ProblemError. */
  async fetch(name: string): Promise<string> {
    const here = await this.path(name), path = here ?? await this.bring(name);
    // Only who asked the hub knows what the revision names now.
    if (this.hub) await this.cache.setRef(this.revision, this.commit);
    return path;
  }

  /** Throws the Problem of a hub that would refuse this file; transfers nothing. */
  async checkAccess(name: string): Promise<void> {
    await this.hub?.checkAccess(this.commit, name);
  }

  private async bring(name: string): Promise<string> {
    const file = this.known.get(name);
    if (!this.hub || !file)
      throw problemError('dataset/offline', `"${name}" of "${this.id}" (commit ${this.commit}) is not in the cache ${this.settings.cacheDir}, and ${this.settings.isOffline ? 'offline mode is on' : `${withoutCredentials(this.settings.endpoint)} cannot be reached`}.`,
        { fix: this.settings.isOffline ? OFFLINE_FIX : { text: 'Check the connection and proxy and try again.' } });
    await this.hub.bring(this.commit, [file]);
    return join(this.cache.snapshot(this.commit), name);
  }

  /** Path of a file that is here, whole. */
  private async path(name: string): Promise<string | undefined> {
    const path = join(this.cache.snapshot(this.commit), name), size = await fileSize(path);
    return size !== undefined && size === (this.known.get(name)?.size ?? size) ? path : undefined;
  }

  /** As the hub lists it now or listed it before: a commit's files never change. Undefined where neither is known. */
  private async listing(folder: string, isRecursive: boolean): Promise<readonly HubFile[] | undefined> {
    const kept = await this.keptListing(folder, isRecursive), files = kept ?? await this.hub?.list(this.commit, folder, isRecursive);
    if (files && !kept) await this.cache.writeListing(this.commit, listingKey(folder, isRecursive), files);
    for (const file of files ?? []) this.known.set(file.name, file);
    return files;
  }

  private async keptListing(folder: string, isRecursive: boolean): Promise<readonly HubFile[] | undefined> {
    const kept = await this.cache.readListing(this.commit, listingKey(folder, isRecursive));
    if (isListing(kept)) return kept;
    const below = folder === '' ? '' : `${folder}/`;
    return (await this.cache.readTree(this.commit))?.filter(({ name }) => name.startsWith(below) && (isRecursive || !name.slice(below.length).includes('/')));
  }

  /** Names of what the snapshot holds: all that is known offline of what Python tools brought. */
  private async walk(folder: string, isRecursive: boolean): Promise<string[]> {
    const root = this.cache.snapshot(this.commit);
    const entries = await readdir(join(root, folder), { withFileTypes: true, recursive: isRecursive }).catch(() => []);
    return entries.filter(entry => !entry.isDirectory()).map(entry => relative(root, join(entry.parentPath, entry.name)).split(sep).join('/'));
  }
}

function listingKey(folder: string, isRecursive: boolean): string {
  return `${isRecursive ? 'below' : 'in'} ${folder}`;
}

function isListing(value: unknown): value is HubFile[] {
  return Array.isArray(value) && value.every((file: Partial<HubFile> | null) => typeof file?.name === 'string' && isSafeName(file.name) && typeof file.size === 'number' && typeof file.etag === 'string');
}
