/** Questions to the hub, each for at most five seconds: an answer, or an honest "could not be asked". */
import { hubSettings, isNetworkProblem, withoutCredentials } from '../models';
import type { HubOptions } from '../models';

export interface AskOptions {
  readonly hub?: HubOptions;
  /** How long the hub may take. */
  readonly timeoutMs?: number;
}

const HUB_TIMEOUT_MS = 5000;

/** `why` is a half sentence: "https://huggingface.co did not answer within 5 s". Problems that the hub answers with are thrown. */
export async function askHub<T>({ hub = {}, timeoutMs = HUB_TIMEOUT_MS }: AskOptions, ask: (hub: HubOptions) => Promise<T>): Promise<{ answer: T } | { why: string }> {
  const signal = AbortSignal.timeout(timeoutMs), endpoint = withoutCredentials((await hubSettings(hub)).endpoint);
  try {
    return { answer: await ask({ ...hub, signal }) };
  } catch (error) {
    if (signal.aborted) return { why: `${endpoint} did not answer within ${timeoutMs / 1000} s` };
    if (isNetworkProblem(error)) return { why: `${endpoint} could not be reached` };
    throw error;
  }
}
