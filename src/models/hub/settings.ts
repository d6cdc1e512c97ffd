/** Where the hub is, where its cache lies and who asks: options first, then the environment variables that huggingface_hub (Python) reads. */
import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';

export interface HubOptions {
  /** Branch, tag or commit; "main" where absent. */
  readonly revision?: string;
  readonly token?: string;
  /** Root of the cache, the folder with models--ORG--NAME in it. */
  readonly cacheDir?: string;
  /** Base URL; HF_ENDPOINT or https://huggingface.co where absent. */
  readonly endpoint?: string;
  /** Take what is cached and ask nobody. */
  readonly isOffline?: boolean;
  readonly onProgress?: (progress: DownloadProgress) => void;
  readonly signal?: AbortSignal;
  /** For proxies and tests; the global one where absent. */
  readonly fetch?: typeof fetch;
  /** First wait before an interrupted transfer goes on; doubles each time. */
  readonly retryDelayMs?: number;
}

export interface DownloadProgress {
  /** File that is being transferred. */
  readonly file: string;
  /** Bytes of the whole model that are here, and that it takes. */
  readonly doneBytes: number;
  readonly totalBytes: number;
}

export interface HubSettings {
  readonly endpoint: string;
  readonly cacheDir: string;
  readonly revision: string;
  readonly token: string | undefined;
  readonly isOffline: boolean;
  readonly retryDelayMs: number;
}

type Environment = Readonly<Record<string, string | undefined>>;

export async function hubSettings(options: HubOptions, environment: Environment = process.env): Promise<HubSettings> {
  return {
    endpoint: (options.endpoint ?? nonEmpty(environment.HF_ENDPOINT) ?? 'https://huggingface.co').replace(/\/+$/, ''),
    cacheDir: options.cacheDir ?? hubCacheDir(environment),
    revision: options.revision ?? 'main',
    token: options.token ?? await storedToken(environment),
    isOffline: options.isOffline ?? /^(1|true|yes|on)$/i.test(environment.HF_HUB_OFFLINE ?? ''),
    retryDelayMs: options.retryDelayMs ?? 1000,
  };
}

/** Order as huggingface_hub constants.py: HF_HUB_CACHE, HUGGINGFACE_HUB_CACHE, HF_HOME/hub, XDG_CACHE_HOME/huggingface/hub, ~/.cache/huggingface/hub. */
export function hubCacheDir(environment: Environment = process.env): string {
  return expandHome(nonEmpty(environment.HF_HUB_CACHE) ?? nonEmpty(environment.HUGGINGFACE_HUB_CACHE) ?? join(huggingFaceHome(environment), 'hub'));
}

function huggingFaceHome(environment: Environment): string {
  return nonEmpty(environment.HF_HOME) ?? join(nonEmpty(environment.XDG_CACHE_HOME) ?? join(homedir(), '.cache'), 'huggingface');
}

/** HF_TOKEN, or the file that `hf auth login` writes. */
async function storedToken(environment: Environment): Promise<string | undefined> {
  const fromEnvironment = nonEmpty(environment.HF_TOKEN) ?? nonEmpty(environment.HUGGING_FACE_HUB_TOKEN);
  if (fromEnvironment !== undefined) return fromEnvironment.trim();
  const file = expandHome(nonEmpty(environment.HF_TOKEN_PATH) ?? join(huggingFaceHome(environment), 'token'));
  return nonEmpty((await readFile(file, 'utf8').catch(() => '')).trim());
}

/** For messages: an endpoint may be written with a name and password. */
export function withoutCredentials(url: string): string {
  return url.replace(/\/\/[^/@]*@/, '//');
}

function expandHome(path: string): string {
  return path === '~' || path.startsWith('~/') ? join(homedir(), path.slice(1)) : path;
}

function nonEmpty(text: string | undefined): string | undefined {
  return text === '' ? undefined : text;
}
