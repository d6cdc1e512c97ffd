/** What is known of a recipe's model without loading it: from the folder, the cache, or (for five seconds) the hub. */
import { hubSettings, inspectModel, isHubId, isHubProblem, loadTokenizer, openModel } from '../models';
import type { ModelConfig, ModelSource } from '../models';
import { findArchitecture } from '../models/architectures';
import type { DecoderSpec } from '../shared/decoderSpec';
import { ProblemError } from '../shared/problem';
import type { Problem } from '../shared/problem';
import type { TensorType } from '../shared/tensors';
import { askHub } from './askHub';
import type { AskOptions } from './askHub';

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
  /** Still to be transferred from the hub; absent where nothing is, or where that is not known. */
  readonly downloadBytes?: number;
}

export interface GatherModelOptions extends AskOptions {
  readonly baseDir: string;
}

/** Downloads no weights. `source` where the model is here. */
export async function gatherModel(id: string, { baseDir, ...asking }: GatherModelOptions): Promise<{ facts: ModelFacts; source?: ModelSource }> {
  try {
    const source = await openModel(id, { ...asking.hub, baseDir, isOffline: true });
    return { facts: factsOf(id, source), source };
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    const isOffline = (await hubSettings(asking.hub ?? {})).isOffline;
    if (!isHubId(id) || !isHubProblem(error, 'offline') || isOffline) return { facts: unknown(id, error.problems) };
    return { facts: await factsOfHub(id, asking) };
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

/** Everything that can be known without its weights. */
async function factsOfHub(id: string, asking: AskOptions): Promise<ModelFacts> {
  try {
    const asked = await askHub(asking, hub => inspectModel(id, hub));
    if ('why' in asked) return unknown(id, [{
      id: 'preflight/model-not-checked', severity: 'info', text: `"${id}" could not be checked: it is not in the cache, and ${asked.why}.`, fix: { text: 'Check the connection, or name a local folder.' },
    }]);
    const { tokenizerConfig, hasTokenizer, hasChatTemplate, downloadBytes } = asked.answer, config = isObject(asked.answer.config) ? asked.answer.config : {};
    const problems: Problem[] = [];
    const found = attempt(problems, () => findArchitecture(config));
    const spec = found && attempt(problems, () => found.spec(config));
    return {
      id, state: 'hub', problems, config, spec, defaultTargets: found?.defaultTargets ?? [], tensorType: 'BF16', hasTokenizer, hasChatTemplate, stopToken: stopTokenOf(tokenizerConfig), downloadBytes,
    };
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    return unknown(id, error.problems);
  }
}

/** eos_token is a text, or an object that holds it. */
function stopTokenOf(tokenizerConfig: unknown): string | undefined {
  const token = isObject(tokenizerConfig) ? tokenizerConfig.eos_token : undefined;
  const text = isObject(token) ? token.content : token;
  return typeof text === 'string' ? text : undefined;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

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
