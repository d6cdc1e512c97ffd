/** What is known of a recipe's model without loading it: from the folder, the cache, or (for five seconds) the hub. */
import { isHubId, loadTokenizer, openModel } from '../models';
import type { ModelConfig, ModelSource } from '../models';
import { findArchitecture } from '../models/architectures';
import { hubFetch } from '../models/hub/hubFetch';
import { hubSettings } from '../models/hub/settings';
import type { DecoderSpec } from '../shared/decoderSpec';
import { ProblemError } from '../shared/problem';
import type { Problem } from '../shared/problem';
import type { TensorType } from '../shared/tensors';

export interface ModelFacts {
  readonly id: string;
  /** here: opened; hub: only asked about; unknown: could not be looked at. */
  readonly state: 'here' | 'hub' | 'unknown';
  readonly problems: readonly Problem[];
  readonly config: ModelConfig | undefined;
  /** Undefined where the embedded engine does not know the architecture. */
  readonly spec: DecoderSpec | undefined;
  readonly defaultTargets: readonly string[];
  readonly tensorType: TensorType;
  /** Undefined where they cannot be told without downloading. */
  readonly hasTokenizer: boolean | undefined;
  readonly hasChatTemplate: boolean | undefined;
  readonly stopToken: string | undefined;
}

export interface GatherModelOptions {
  readonly baseDir: string;
  readonly fetch?: typeof fetch;
  /** How long the hub may take. */
  readonly timeoutMs?: number;
}

const HUB_TIMEOUT_MS = 5000;

/** Downloads no weights. `source` where the model is here. */
export async function gatherModel(id: string, { baseDir, fetch: baseFetch, timeoutMs = HUB_TIMEOUT_MS }: GatherModelOptions): Promise<{ facts: ModelFacts; source?: ModelSource }> {
  try {
    const source = await openModel(id, { baseDir, isOffline: true });
    return { facts: factsOf(id, source), source };
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    if (!isHubId(id) || !error.problems.some(problem => problem.id === 'models/offline')) return { facts: unknown(id, error.problems) };
    return { facts: await askHub(id, error.problems, timeoutMs, baseFetch) };
  }
}

function factsOf(id: string, source: ModelSource): ModelFacts {
  const problems: Problem[] = [];
  const found = attempt(problems, () => findArchitecture(source.config));
  const spec = found && attempt(problems, () => found.spec(source.config));
  const tokenizer = source.tokenizer && attempt(problems, () => loadTokenizer(source.tokenizer!));
  return {
    id, state: 'here', problems, config: source.config, spec, defaultTargets: found?.defaultTargets ?? [], tensorType: mainType(source),
    hasTokenizer: tokenizer !== undefined, hasChatTemplate: source.chatTemplate !== undefined, stopToken: tokenizer?.eos?.text,
  };
}

/** Access and config.json; the answer to "may I have it" without having it. */
async function askHub(id: string, offline: readonly Problem[], timeoutMs: number, baseFetch: typeof fetch = fetch): Promise<ModelFacts> {
  const settings = await hubSettings({});
  if (settings.isOffline) return unknown(id, offline);
  const signal = AbortSignal.timeout(timeoutMs);
  const get = hubFetch(baseFetch, { kind: 'model', id, endpoint: settings.endpoint, revision: settings.revision, token: settings.token });
  const headers = new Headers(settings.token === undefined ? [] : [['authorization', `Bearer ${settings.token}`]]);
  try {
    const response = await get(`${settings.endpoint}/${id}/resolve/${settings.revision}/config.json`, { signal, headers });
    const config = await response.json() as ModelConfig;
    const problems: Problem[] = [];
    const found = attempt(problems, () => findArchitecture(config));
    const spec = found && attempt(problems, () => found.spec(config));
    return { id, state: 'hub', problems, config, spec, defaultTargets: found?.defaultTargets ?? [], tensorType: 'BF16', hasTokenizer: undefined, hasChatTemplate: undefined, stopToken: undefined };
  } catch (error) {
    if (error instanceof ProblemError && !error.problems.some(problem => UNREACHABLE.includes(problem.id))) return unknown(id, error.problems);
    const why = signal.aborted ? `${settings.endpoint} did not answer within ${timeoutMs / 1000} s` : `${settings.endpoint} could not be reached`;
    return unknown(id, [{
      id: 'preflight/model-not-checked', severity: 'info', where: { field: 'base_model' },
      text: `"${id}" could not be checked: it is not in the cache, and ${why}.`, fix: { text: 'Check the connection, or name a local folder.' },
    }]);
  }
}

const UNREACHABLE = ['models/no-network', 'models/hub-unavailable'];

function unknown(id: string, problems: readonly Problem[]): ModelFacts {
  const placed = problems.map(problem => ({ ...problem, where: { field: 'base_model', ...problem.where } }));
  return { id, state: 'unknown', problems: placed, config: undefined, spec: undefined, defaultTargets: [], tensorType: 'BF16', hasTokenizer: undefined, hasChatTemplate: undefined, stopToken: undefined };
}

/** The type of the largest tensor stands for all. */
function mainType({ tensors }: ModelSource): TensorType {
  return [...tensors.values()].reduce<{ type: TensorType; byteLength: number }>((largest, one) => one.byteLength > largest.byteLength ? one : largest, { type: 'BF16', byteLength: 0 }).type;
}

/** What `make` gives; what it refuses goes among the problems. */
function attempt<T>(problems: Problem[], make: () => T): T | undefined {
  try {
    return make();
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    problems.push(...error.problems);
    return undefined;
  }
}
