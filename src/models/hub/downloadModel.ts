/** Brings a model from the hub into the Hugging Face cache, only what is not there yet. Listing and revision by @huggingface/hub; the transfer is
 *  ours, because its own (2.17) neither resumes nor verifies, and takes every file of the repository. */
import { readFile, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { problemError } from '../../shared/problem';
import { RepoCache, fileSize } from './cacheLayout';
import { downloadBlob } from './downloadBlob';
import type { HubFile } from './downloadBlob';
import { hubFetch, isNetworkProblem } from './hubFetch';
import type { HubRequester } from './hubFetch';
import { proxyFetch } from './proxyFetch';
import { isNeededText, weightFiles } from './neededFiles';
import { hubSettings } from './settings';
import type { HubOptions, HubSettings } from './settings';

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
  checkRevision(settings.revision);
  const cache = new RepoCache(settings.cacheDir, id);
  if (settings.isOffline) {
    const cached = await fromCache(cache, settings.revision);
    if (cached) return cached;
    throw problemError('models/offline', `"${id}" (revision "${settings.revision}") is not in the cache ${settings.cacheDir}, and offline mode is on.`,
      { fix: { text: 'Unset HF_HUB_OFFLINE to download it, or name a local folder.' } });
  }
  try {
    return await new Download(id, settings, options, cache).run();
  } catch (error) {
    const cached = isNetworkProblem(error) ? await fromCache(cache, settings.revision) : undefined;
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
  const index = await readFile(join(folder, 'model.safetensors.index.json'), 'utf8').catch(() => undefined);
  const weights = await has('model.safetensors') ? ['model.safetensors'] : index === undefined ? [] : Object.values((JSON.parse(index) as { weight_map: Record<string, string> }).weight_map);
  const isComplete = weights.length > 0 && (await Promise.all([...new Set(weights)].map(has))).every(Boolean);
  return isComplete ? { folder, commit, downloadedBytes: 0, isFromCache: true } : undefined;
}

class Download {
  private readonly requester: HubRequester;
  private readonly fetch: typeof fetch;
  private downloadedBytes = 0;

  constructor(private readonly id: string, private readonly settings: HubSettings, private readonly options: HubOptions, private readonly cache: RepoCache) {
    this.requester = { id, endpoint: settings.endpoint, revision: settings.revision, token: settings.token };
    this.fetch = hubFetch(this.authorised(options.fetch ?? proxyFetch), this.requester);
  }

  async run(): Promise<DownloadedModel> {
    const { commit, files } = await this.list();
    const texts = files.filter(file => isNeededText(file.name)), names = new Set(files.map(file => file.name));
    if (!names.has('config.json')) throw problemError('models/not-a-model', `"${this.id}" has no config.json.`, { fix: { text: 'Name a repository that holds a language model.' } });
    await this.bring(commit, texts);
    const index = names.has('model.safetensors.index.json') ? await readFile(join(this.cache.snapshot(commit), 'model.safetensors.index.json'), 'utf8') : undefined;
    const wanted = new Set(weightFiles(this.id, names, index)), weights = files.filter(file => wanted.has(file.name));
    await this.bring(commit, weights);
    await this.cache.setRef(this.settings.revision, commit);
    return { folder: this.cache.snapshot(commit), commit, downloadedBytes: this.downloadedBytes, isFromCache: false };
  }

  /** Adds token and abort signal. Not left to the library: it refuses tokens that do not begin with "hf_", which mirrors have, and would follow
   *  a listing's link to another host with the token. fetch itself drops the header where a file redirects to another host. */
  private authorised(base: typeof fetch): typeof fetch {
    return (input, init) => {
      const headers = new Headers(init?.headers), url = input instanceof Request ? input.url : String(input);
      if (this.settings.token !== undefined && new URL(url).origin === new URL(this.settings.endpoint).origin) headers.set('authorization', `Bearer ${this.settings.token}`);
      return base(input, { ...init, headers, signal: init?.signal ?? this.options.signal ?? null });
    };
  }

  /** Commit of the revision, and the files at the top of the repository. */
  private async list(): Promise<{ commit: string; files: HubFile[] }> {
    // Loaded here: the library takes a tenth of a second, and most openings are of local folders.
    const { listFiles, modelInfo } = await import('@huggingface/hub');
    const common = { hubUrl: this.settings.endpoint, fetch: this.fetch };
    const { sha } = await modelInfo({ ...common, name: this.id, revision: this.settings.revision, additionalFields: ['sha'] });
    if (!/^[0-9a-f]{40}$/.test(String(sha))) throw this.badAnswer(`its commit is ${JSON.stringify(sha)}`);
    const files: HubFile[] = [];
    for await (const { type, path, size, oid, lfs } of listFiles({ ...common, repo: this.id, revision: sha })) {
      if (type !== 'file') continue;
      const etag = lfs?.oid ?? oid ?? '';
      if (!(lfs ? /^[0-9a-f]{64}$/ : /^[0-9a-f]{40}$/).test(etag) || !Number.isSafeInteger(size) || size < 0) throw this.badAnswer(`"${path}" has the id "${etag}" and size ${size}`);
      files.push({ name: path, size, etag, isLfs: lfs !== undefined });
    }
    return { commit: sha, files };
  }

  private async bring(commit: string, files: readonly HubFile[]): Promise<void> {
    const here = await Promise.all(files.map(file => this.isHere(file, commit)));
    const missing = files.filter((_, i) => here[i] !== 'snapshot');
    const totalBytes = files.reduce((sum, { size }) => sum + size, 0), toTransfer = files.filter((_, i) => here[i] === 'no');
    let doneBytes = totalBytes - toTransfer.reduce((sum, { size }) => sum + size, 0);
    await this.checkSpace(toTransfer);
    for (const file of missing) {
      this.options.signal?.throwIfAborted();
      if (toTransfer.includes(file)) {
        await this.transfer(file, commit, bytes => this.options.onProgress?.({ file: file.name, doneBytes: doneBytes + bytes, totalBytes }));
        doneBytes += file.size;
      }
      await this.cache.addToSnapshot(commit, file.name, file.etag);
    }
  }

  private async isHere(file: HubFile, commit: string): Promise<'snapshot' | 'blob' | 'no'> {
    if (await fileSize(join(this.cache.snapshot(commit), file.name)) === file.size) return 'snapshot';
    return await fileSize(this.cache.blob(file.etag)) === file.size ? 'blob' : 'no';
  }

  private async transfer(file: HubFile, commit: string, onBytes: (bytes: number) => void): Promise<void> {
    const url = `${this.settings.endpoint}/${this.id}/resolve/${commit}/${encodeURIComponent(file.name)}`, blob = this.cache.blob(file.etag);
    const held = await fileSize(`${blob}.incomplete`) ?? 0;
    await downloadBlob(file, { url, blob, fetch: this.fetch, requester: this.requester, retryDelayMs: this.settings.retryDelayMs, signal: this.options.signal, onBytes });
    this.downloadedBytes += Math.max(0, file.size - held);
  }

  private async checkSpace(files: readonly HubFile[]): Promise<void> {
    let needed = 0;
    for (const { size, etag } of files) needed += size - (await fileSize(`${this.cache.blob(etag)}.incomplete`) ?? 0);
    const disk = await statfs(this.settings.cacheDir).catch(() => undefined);
    const free = disk === undefined ? Infinity : disk.bavail * disk.bsize;
    if (needed > free)
      throw problemError('models/disk-full', `"${this.id}" needs ${mebibytes(needed)} MiB more, and the disk of the Hugging Face cache has ${mebibytes(free)} MiB free.`,
        { where: { file: this.settings.cacheDir }, fix: { text: 'Free space there, or set HF_HOME to a larger disk.' } });
  }

  private badAnswer(what: string): Error {
    return problemError('models/bad-hub-answer', `${this.settings.endpoint} gives an answer for "${this.id}" that cannot be right: ${what}.`, { fix: { text: 'Check HF_ENDPOINT, and any proxy between.' } });
  }
}

function mebibytes(bytes: number): number {
  return Math.ceil(bytes / 2 ** 20);
}

/** It becomes part of a path in the cache. */
function checkRevision(revision: string): void {
  if (!/^[\w][\w.+/-]*$/.test(revision) || revision.split('/').some(part => part === '' || part === '..' || part === '.'))
    throw problemError('models/no-such-revision', `"${revision}" is not the name of a branch, tag or commit.`, { where: { field: 'revision' } });
}
