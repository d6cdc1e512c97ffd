/** Text models of the hub whose name or description has some words, the most downloaded first. */
import { problemError } from '../../shared/problem';
import { proxyFetch } from './proxyFetch';
import { hubSettings } from './settings';
import type { HubOptions } from './settings';

export interface FoundModel {
  readonly id: string;
  readonly downloads: number;
  readonly likes: number;
  /** Access has to be asked for. */
  readonly isGated: boolean;
}

const TIMEOUT_MS = 8000;
const LISTED_MODELS = 20;

/** Only models with safetensors, which alone can be trained here. Throws models/no-search where the hub cannot be asked. */
export async function searchModels(query: string, options: Pick<HubOptions, 'endpoint' | 'token' | 'fetch' | 'signal' | 'isOffline'> = {}): Promise<FoundModel[]> {
  const { endpoint, token, isOffline } = await hubSettings(options);
  if (isOffline) throw cannotSearch(`offline mode is on (HF_HUB_OFFLINE)`);
  const asked = new URLSearchParams({ search: query, pipeline_tag: 'text-generation', filter: 'safetensors', sort: 'downloads', direction: '-1', limit: String(LISTED_MODELS) });
  const timeout = AbortSignal.timeout(TIMEOUT_MS);
  try {
    const response = await (options.fetch ?? proxyFetch)(`${endpoint}/api/models?${asked.toString()}`, {
      headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
      signal: options.signal ? AbortSignal.any([timeout, options.signal]) : timeout,
    });
    if (!response.ok) throw cannotSearch(`${endpoint} answers with HTTP ${response.status}`);
    return listed(await response.json());
  } catch (error) {
    if (options.signal?.aborted || (error instanceof Error && error.name === 'ProblemError')) throw error;
    throw cannotSearch(timeout.aborted ? `${endpoint} did not answer within ${TIMEOUT_MS / 1000} s` : `${endpoint} could not be reached`, error);
  }
}

/** What is no model is passed over: the answer comes from outside. */
function listed(answer: unknown): FoundModel[] {
  return (Array.isArray(answer) ? answer as unknown[] : []).flatMap((entry): FoundModel[] => {
    const { id, downloads, likes, gated } = (typeof entry === 'object' && entry !== null ? entry : {}) as Record<string, unknown>;
    return typeof id === 'string' ? [{ id, downloads: numberOf(downloads), likes: numberOf(likes), isGated: gated !== undefined && gated !== false }] : [];
  });
}

function numberOf(value: unknown): number {
  return typeof value === 'number' && Number.isFinite(value) ? value : 0;
}

function cannotSearch(why: string, cause?: unknown): Error {
  return problemError('models/no-search', `The hub cannot be searched: ${why}.`, { fix: { text: 'Type the model\'s id as it is, or choose one that is on this machine.' } }, cause);
}
