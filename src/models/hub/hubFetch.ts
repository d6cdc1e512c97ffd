/** fetch for the hub: refusals and a network that fails become Problems that say what to do. */
import { problemError } from '../../shared/problem';

export interface HubRequester {
  readonly id: string;
  readonly endpoint: string;
  readonly revision: string;
  readonly token: string | undefined;
}

/** A fetch whose answers are all ok, or 416 where a range was asked for. Throws a ProblemError otherwise; an abort passes as it is. */
export function hubFetch(base: typeof fetch, requester: HubRequester): typeof fetch {
  return async (input, init) => {
    let response: Response;
    try {
      response = await base(input, init);
    } catch (error) {
      if (init?.signal?.aborted) throw error;
      throw networkProblem(requester, error);
    }
    if (response.ok || response.status === 416) return response;
    await response.body?.cancel();
    throw refusal(requester, response);
  };
}

/** The connection failed or broke off. */
export function networkProblem({ id, endpoint }: HubRequester, error: unknown): Error {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const code = cause instanceof Error && 'code' in cause ? ` (${String(cause.code)})` : '';
  return problemError('models/no-network', `cannot reach ${endpoint} to load "${id}"${code}.`,
    { fix: { text: 'Check the connection and proxy and try again: what was downloaded is kept. Or name a local folder.' } }, error);
}

export function isNetworkProblem(error: unknown): boolean {
  return hasProblem(error, 'models/no-network') || hasProblem(error, 'models/hub-unavailable');
}

function hasProblem(error: unknown, id: string): boolean {
  return typeof error === 'object' && error !== null && 'problems' in error && Array.isArray(error.problems) && error.problems.some((problem: { id?: string }) => problem.id === id);
}

/** The hub's reasons: its X-Error-Code header where it sends one (huggingface_hub utils/_http.py lists them), else the status. */
function refusal({ id, endpoint, revision, token }: HubRequester, response: Response): Error {
  const code = response.headers.get('x-error-code'), { status } = response, page = `${endpoint}/${id}`;
  if (code === 'GatedRepo')
    return problemError('models/gated', `"${id}" is gated: ${token === undefined ? 'no token was sent' : 'the token that was sent has no access to it'} (HTTP ${status}).`,
      { fix: { text: `Accept its terms at ${page}, then set HF_TOKEN to a token of that account.` } });
  if (code === 'RevisionNotFound')
    return problemError('models/no-such-revision', `"${id}" has no revision "${revision}" (HTTP ${status}).`, { fix: { text: `Choose one of the branches, tags or commits at ${page}.` } });
  if (code === 'EntryNotFound')
    return problemError('models/missing-file', `"${id}" lacks a file that it lists: ${new URL(response.url).pathname} (HTTP ${status}).`, { fix: { text: 'Try again; the repository may just have changed.' } });
  if (code === 'RepoNotFound' || status === 404)
    return problemError('models/no-such-model', `no such model: "${id}" at ${endpoint} (HTTP ${status}).`,
      { fix: { text: token === undefined ? 'Check the spelling; a private model needs HF_TOKEN.' : 'Check the spelling, and that the token may read it.' } });
  if (status === 401 || status === 403)
    return problemError('models/no-access', `the hub refuses "${id}" (HTTP ${status}): ${token === undefined ? 'no token was sent, and it is private, gated or does not exist' : 'the token that was sent is not valid or may not read it'}.`,
      { fix: { text: `Check the spelling, look at ${page}, and set HF_TOKEN to a token that may read it.` } });
  return problemError('models/hub-unavailable', `${endpoint} answers with HTTP ${status} for "${id}".`, { fix: { text: status === 429 ? 'Too many requests: wait a few minutes, or set HF_TOKEN.' : 'Try again later: what was downloaded is kept.' } });
}
