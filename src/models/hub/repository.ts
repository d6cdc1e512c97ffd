/** One repository of the hub, asked and brought file by file into the Hugging Face cache. Listing and revision by @huggingface/hub; the transfer is
 *  ours, because its own (2.17) neither resumes nor verifies. */
import { statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { problemError } from '../../shared/problem';
import { RepoCache, fileSize, isCommit, isSafeName } from './cacheLayout';
import type { HubFile } from './cacheLayout';
import { downloadBlob } from './downloadBlob';
import { hubFetch, hubPage, hubProblemId, isHubProblem } from './hubFetch';
import type { HubRequester, RepoKind } from './hubFetch';
import { proxyFetch } from './proxyFetch';
import { withoutCredentials } from './settings';
import type { HubOptions, HubSettings } from './settings';

export class HubRepository {
  readonly cache: RepoCache;
  /** Transferred by this object. */
  downloadedBytes = 0;
  private readonly requester: HubRequester;
  private readonly fetch: typeof fetch;

  /** Throws the Problem of a revision that could not be one. */
  constructor(kind: RepoKind, readonly id: string, private readonly settings: HubSettings, private readonly options: HubOptions) {
    checkRevision(kind, settings.revision);
    this.cache = new RepoCache(settings.cacheDir, kind, id);
    this.requester = { kind, id, endpoint: settings.endpoint, revision: settings.revision, token: settings.token };
    this.fetch = hubFetch(this.authorised(options.fetch ?? proxyFetch), this.requester);
  }

  /** Commit that the revision names now. */
  async commit(): Promise<string> {
    // Loaded here: the library takes a tenth of a second, and most openings are of local folders.
    const { datasetInfo, modelInfo } = await import('@huggingface/hub');
    const asked = { hubUrl: this.settings.endpoint, fetch: this.fetch, name: this.id, revision: this.settings.revision };
    const { sha } = this.requester.kind === 'model' ? await modelInfo({ ...asked, additionalFields: ['sha'] }) : await datasetInfo({ ...asked, additionalFields: ['sha'] });
    if (!isCommit(String(sha))) throw this.badAnswer(`its commit is ${JSON.stringify(sha)}`);
    return sha;
  }

  /** Files of a folder ('' is the top), and of all below it where `isRecursive`; none where there is no such folder. */
  async list(commit: string, folder = '', isRecursive = false): Promise<HubFile[]> {
    const { listFiles } = await import('@huggingface/hub');
    const files: HubFile[] = [];
    try {
      for await (const { type, path, size, oid, lfs } of listFiles({
        hubUrl: this.settings.endpoint, fetch: this.fetch, repo: { type: this.requester.kind, name: this.id }, revision: commit, path: encodePath(folder), recursive: isRecursive,
      })) {
        if (type !== 'file') continue;
        const etag = lfs?.oid ?? oid ?? '';
        if (!(lfs ? /^[0-9a-f]{64}$/ : /^[0-9a-f]{40}$/).test(etag) || !Number.isSafeInteger(size) || size < 0) throw this.badAnswer(`"${path}" has the id "${etag}" and size ${size}`);
        // The name becomes a path in the cache.
        if (!isSafeName(path)) throw this.badAnswer(`it has a file "${path}"`);
        files.push({ name: path, size, etag, isLfs: lfs !== undefined });
      }
    } catch (error) {
      if (folder !== '' && isHubProblem(error, 'missing-file')) return [];
      throw error;
    }
    return files;
  }

  /** Whether the hub would give this file to whoever asks; transfers nothing. Throws the Problem of its refusal. */
  async checkAccess(commit: string, name: string): Promise<void> {
    // A large file redirects to another host, which need not be asked.
    const response = await this.fetch(this.url(commit, name), { method: 'HEAD', redirect: 'manual' });
    await response.body?.cancel();
  }

  /** Afterwards the files lie in the commit's snapshot. */
  async bring(commit: string, files: readonly HubFile[]): Promise<void> {
    const here = await Promise.all(files.map(file => this.isHere(file, commit)));
    const missing = files.filter((_, i) => here[i] !== 'snapshot');
    const totalBytes = files.reduce((sum, { size }) => sum + size, 0), toTransfer = files.filter((_, i) => here[i] === 'no');
    let doneBytes = totalBytes - toTransfer.reduce((sum, { size }) => sum + size, 0);
    await this.checkSpace(await this.missingBytes(commit, toTransfer));
    for (const file of missing) {
      this.options.signal?.throwIfAborted();
      if (toTransfer.includes(file)) {
        await this.transfer(file, commit, bytes => this.options.onProgress?.({ file: file.name, doneBytes: doneBytes + bytes, totalBytes }));
        doneBytes += file.size;
      }
      await this.cache.addToSnapshot(commit, file.name, file.etag);
    }
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

  /** Bytes of these files that are still to be transferred. */
  async missingBytes(commit: string, files: readonly HubFile[]): Promise<number> {
    let missing = 0;
    for (const file of files) if (await this.isHere(file, commit) === 'no') missing += file.size - (await fileSize(`${this.cache.blob(file.etag)}.incomplete`) ?? 0);
    return missing;
  }

  private async isHere(file: HubFile, commit: string): Promise<'snapshot' | 'blob' | 'no'> {
    if (await fileSize(join(this.cache.snapshot(commit), file.name)) === file.size) return 'snapshot';
    return await fileSize(this.cache.blob(file.etag)) === file.size ? 'blob' : 'no';
  }

  private async transfer(file: HubFile, commit: string, onBytes: (bytes: number) => void): Promise<void> {
    const blob = this.cache.blob(file.etag), held = await fileSize(`${blob}.incomplete`) ?? 0;
    await downloadBlob(file, {
      url: this.url(commit, file.name), blob, fetch: this.fetch, requester: this.requester, retryDelayMs: this.settings.retryDelayMs, signal: this.options.signal, onBytes,
    });
    this.downloadedBytes += Math.max(0, file.size - held);
  }

  private url(commit: string, name: string): string {
    return `${hubPage(this.requester)}/resolve/${commit}/${encodePath(name)}`;
  }

  private async checkSpace(needed: number): Promise<void> {
    const disk = await statfs(this.settings.cacheDir).catch(() => undefined);
    const free = disk === undefined ? Infinity : disk.bavail * disk.bsize;
    if (needed > free)
      throw problemError(hubProblemId(this.requester.kind, 'disk-full'), `"${this.id}" needs ${mebibytes(needed)} MiB more, and the disk of the Hugging Face cache has ${mebibytes(free)} MiB free.`,
        { where: { file: this.settings.cacheDir }, fix: { text: 'Free space there, or set HF_HOME to a larger disk.' } });
  }

  private badAnswer(what: string): Error {
    return problemError(hubProblemId(this.requester.kind, 'bad-hub-answer'), `${withoutCredentials(this.settings.endpoint)} gives an answer for "${this.id}" that cannot be right: ${what}.`, { fix: { text: 'Check HF_ENDPOINT, and any proxy between.' } });
  }
}

function encodePath(name: string): string {
  return name.split('/').map(encodeURIComponent).join('/');
}

function mebibytes(bytes: number): number {
  return Math.ceil(bytes / 2 ** 20);
}

/** It becomes part of a path in the cache. */
function checkRevision(kind: RepoKind, revision: string): void {
  if (!/^[\w][\w.+/-]*$/.test(revision) || revision.split('/').some(part => part === '' || part === '..' || part === '.'))
    throw problemError(hubProblemId(kind, 'no-such-revision'), `"${revision}" is not the name of a branch, tag or commit.`, { fix: { text: 'Correct the revision.' } });
}
