/** fetch for the hub: refusals and a network that fails become Problems that say what to do. */
import { ProblemError, problemError } from '../../shared/problem';
import { withoutCredentials } from './settings';

export type RepoKind = 'model' | 'dataset';

export interface HubRequester {
  readonly kind: RepoKind;
  readonly id: string;
  readonly endpoint: string;
  readonly revision: string;
  readonly token: string | undefined;
}

/** A fetch whose answers are all ok, 416 where a range was asked for, or a redirect where these are not followed. Throws a ProblemError otherwise; an abort passes as it is. */
export function hubFetch(base: typeof fetch, requester: HubRequester): typeof fetch {
  return async (input, init) => {
    let response: Response;
    try {
      response = await base(input, init);
    } catch (error) {
      if (init?.signal?.aborted) throw error;
      throw networkProblem(requester, error);
    }
    const isRedirect = init?.redirect === 'manual' && response.status >= 300 && response.status < 400;
    if (response.ok || response.status === 416 || isRedirect) return response;
    await response.body?.cancel();
    throw refusal(requester, response);
  };
}

/** Ids of Problems begin with the part that asked: "models/gated", "dataset/gated". */
export function hubProblemId(kind: RepoKind, what: string): string {
  return `${kind === 'model' ? 'models' : 'dataset'}/${what}`;
}

/** The connection failed or broke off. */
export function networkProblem({ kind, id, endpoint }: HubRequester, error: unknown): Error {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const code = cause instanceof Error && 'code' in cause ? ` (${String(cause.code)})` : '';
  return problemError(hubProblemId(kind, 'no-network'), `cannot reach ${withoutCredentials(endpoint)} to load "${id}"${code}.`,
    { fix: { text: `Check the connection and proxy and try again: what was downloaded is kept. Or name a local ${kind === 'model' ? 'folder' : 'file'}.` } }, error);
}

export function isNetworkProblem(error: unknown): boolean {
  return isHubProblem(error, 'no-network') || isHubProblem(error, 'hub-unavailable');
}

/** Whether it is the Problem `what` of a model or a dataset. */
export function isHubProblem(error: unknown, what: string): boolean {
  return error instanceof ProblemError && error.problems.some(({ id }) => id === hubProblemId('model', what) || id === hubProblemId('dataset', what));
}

/** The repository's page for people. */
export function hubPage({ kind, id, endpoint }: HubRequester): string {
  return `${endpoint}/${kind === 'model' ? '' : 'datasets/'}${id}`;
}

/** The hub's reasons: its X-Error-Code header where it sends one (huggingface_hub utils/_http.py lists them), else the status. */
function refusal(requester: HubRequester, response: Response): Error {
  const { kind, id, revision, token } = requester, { status } = response;
  const code = response.headers.get('x-error-code'), endpoint = withoutCredentials(requester.endpoint), page = hubPage({ ...requester, endpoint });
  const refuse = (what: string, text: string, fix: string): Error => problemError(hubProblemId(kind, what), text, { fix: { text: fix } });
  if (code === 'GatedRepo')
    return refuse('gated', `"${id}" is gated: ${token === undefined ? 'no token was sent' : 'the token that was sent has no access to it'} (HTTP ${status}).`,
      `Accept its terms at ${page}, then set HF_TOKEN to a token of that account.`);
  if (code === 'RevisionNotFound')
    return refuse('no-such-revision', `"${id}" has no revision "${revision}" (HTTP ${status}).`, `Choose one of the branches, tags or commits at ${page}.`);
  if (code === 'EntryNotFound')
    return refuse('missing-file', `"${id}" lacks a file that it lists: ${new URL(response.url).pathname} (HTTP ${status}).`, 'Try again; the repository may just have changed.');
  if (code === 'RepoNotFound' || status === 404)
    return refuse(`no-such-${kind}`, `no such ${kind}: "${id}" at ${endpoint} (HTTP ${status}).`,
      token === undefined ? `Check the spelling; a private ${kind} needs HF_TOKEN.` : 'Check the spelling, and that the token may read it.');
  if (status === 401 || status === 403)
    return refuse('no-access', `the hub refuses "${id}" (HTTP ${status}): ${token === undefined ? 'no token was sent, and it is private, gated or does not exist' : 'the token that was sent is not valid or may not read it'}.`,
      `Check the spelling, look at ${page}, and set HF_TOKEN to a token that may read it.`);
  return refuse('hub-unavailable', `${endpoint} answers with HTTP ${status} for "${id}".`, status === 429 ? 'Too many requests: wait a few minutes, or set HF_TOKEN.' : 'Try again later: what was downloaded is kept.');
}
