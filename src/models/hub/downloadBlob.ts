/** Transfers one file of a repository into the cache's blobs: resumes, verifies, renames. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { problemError } from '../../shared/problem';
import { withBlobLock } from './blobLock';
import { fileSize } from './cacheLayout';
import type { HubFile } from './cacheLayout';
import { hubProblemId, isNetworkProblem, networkProblem } from './hubFetch';
import type { HubRequester } from './hubFetch';

/** Attempts without a single new byte before giving up; one that brings bytes starts the count again. */
const maxFruitlessAttempts = 5;
/** A connection that brings nothing for this long is taken for dead. */
const idleTimeoutMs = 60_000;

export interface Transfer {
  readonly url: string;
  readonly blob: string;
  readonly fetch: typeof fetch;
  readonly requester: HubRequester;
  readonly retryDelayMs: number;
  readonly signal: AbortSignal | undefined;
  /** Called with the bytes of this file that are here. */
  readonly onBytes: (bytes: number) => void;
}

/** After it, `transfer.blob` holds the file, complete and with the right checksum; BLOB.incomplete holds what an interrupted transfer brought. */
export async function downloadBlob(file: HubFile, transfer: Transfer): Promise<void> {
  await mkdir(dirname(transfer.blob), { recursive: true });
  await withBlobLock(transfer.blob, async () => {
    // Another process may have brought it while we waited.
    if (await fileSize(transfer.blob) !== file.size) await transferAndVerify(file, transfer);
  }, transfer.signal);
}

async function transferAndVerify(file: HubFile, transfer: Transfer): Promise<void> {
  const partial = `${transfer.blob}.incomplete`;
  const resumed = (await fileSize(partial) ?? 0) > 0;
  await transferAll(file, partial, transfer);
  if (!await hasChecksum(partial, file)) {
    // The beginning may stem from another program or an older upload: once more, from zero.
    await rm(partial, { force: true });
    if (resumed) await transferAll(file, partial, transfer);
    if (!resumed || !await hasChecksum(partial, file)) {
      await rm(partial, { force: true });
      throw problemError(hubProblemId(transfer.requester.kind, 'bad-checksum'), `what was downloaded has not the ${file.isLfs ? 'SHA-256' : 'git object id'} ${file.etag} that the hub states.`,
        { where: { file: file.name }, fix: { text: 'The transfer was damaged or altered on its way (a proxy?): try again.' } });
    }
  }
  await rename(partial, transfer.blob);
}

async function transferAll(file: HubFile, partial: string, transfer: Transfer): Promise<void> {
  let fruitless = 0;
  for (;;) {
    const before = await fileSize(partial) ?? 0;
    try {
      await transferOnce(file, partial, transfer);
      return;
    } catch (error) {
      if (transfer.signal?.aborted) throw error;
      if (!isNetworkProblem(error)) throw diskFull(file, partial, transfer.requester, error);
      fruitless = (await fileSize(partial) ?? 0) > before ? 0 : fruitless + 1;
      if (fruitless >= maxFruitlessAttempts) throw error;
      await sleep(transfer.retryDelayMs * 2 ** fruitless, undefined, { signal: transfer.signal });
    }
  }
}

/** One request, from where the partial file ends. Throws the network Problem where it breaks off. */
async function transferOnce(file: HubFile, partial: string, transfer: Transfer): Promise<void> {
  const handle = await open(partial, 'a');
  const idle = new AbortController();
  const signal = transfer.signal ? AbortSignal.any([transfer.signal, idle.signal]) : idle.signal;
  let timer = setTimeout(() => idle.abort(), idleTimeoutMs);
  try {
    let have = (await handle.stat()).size;
    if (have > file.size) {
      await handle.truncate(0);
      have = 0;
    }
    if (have === file.size) return;
    const response = await request(file, have, transfer, signal);
    if (have > 0 && !continuesAt(response, have)) {
      await handle.truncate(0);
      have = 0;
    }
    if (!response.body) throw networkProblem(transfer.requester, new Error('the answer has no body'));
    for await (const chunk of response.body as AsyncIterable<Uint8Array>) {
      clearTimeout(timer);
      timer = setTimeout(() => idle.abort(), idleTimeoutMs);
      if (have + chunk.byteLength > file.size)
        throw problemError(hubProblemId(transfer.requester.kind, 'bad-checksum'), `the server sends more than the ${file.size} bytes that the hub states.`, { where: { file: file.name }, fix: { text: 'Try again; a proxy may be altering the transfer.' } });
      await handle.writeFile(chunk);
      have += chunk.byteLength;
      transfer.onBytes(have);
    }
    if (have < file.size) throw networkProblem(transfer.requester, new Error(`the transfer ended at byte ${have} of ${file.size}`));
    await handle.sync();
  } catch (error) {
    throw isStreamFailure(error, transfer.signal) ? networkProblem(transfer.requester, error) : error;
  } finally {
    clearTimeout(timer);
    await handle.close();
  }
}

async function request(file: HubFile, from: number, { url, fetch }: Transfer, signal: AbortSignal): Promise<Response> {
  const headers: Record<string, string> = { 'accept-encoding': 'identity' };
  if (from > 0) headers.range = `bytes=${from}-${file.size - 1}`;
  const response = await fetch(url, { headers, signal });
  // 416: the server's file is shorter than what we hold. Ask for all of it.
  return response.status === 416 ? fetch(url, { headers: { ...headers, range: 'bytes=0-' }, signal }) : response;
}

function continuesAt(response: Response, from: number): boolean {
  return response.status === 206 && new RegExp(`^bytes ${from}-`).test(response.headers.get('content-range') ?? '');
}

/** undici reports a broken body as TypeError "terminated", our idle timer as AbortError. */
function isStreamFailure(error: unknown, signal: AbortSignal | undefined): boolean {
  return !signal?.aborted && error instanceof Error && (error instanceof TypeError || error.name === 'AbortError');
}

async function hasChecksum(path: string, { etag, isLfs, size }: HubFile): Promise<boolean> {
  const hash = createHash(isLfs ? 'sha256' : 'sha1');
  if (!isLfs) hash.update(`blob ${size}\0`);
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest('hex') === etag;
}

function diskFull(file: HubFile, partial: string, { kind }: HubRequester, error: unknown): unknown {
  if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') return error;
  return problemError(hubProblemId(kind, 'disk-full'), `${file.name} takes ${Math.ceil(file.size / 2 ** 20)} MiB, and the disk of the Hugging Face cache is full.`,
    { where: { file: partial }, fix: { text: 'Free space there, or set HF_HOME to a larger disk. What was downloaded is kept.' } }, error);
}
