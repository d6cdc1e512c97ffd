/** fetch that goes through the proxy of HTTP_PROXY, HTTPS_PROXY and NO_PROXY, which Node's own ignores before version 24. */

const VARIABLES = ['https_proxy', 'HTTPS_PROXY', 'http_proxy', 'HTTP_PROXY'] as const;

/** Node's own fetch where no proxy is set, so that nothing is loaded for it. The proxy is read at each call. */
export const proxyFetch: typeof fetch = async (input, init) => {
  if (VARIABLES.every(name => !process.env[name])) return fetch(input, init);
  const { EnvHttpProxyAgent, fetch: fetchThrough } = await import('undici');
  // undici's types and the global ones describe the same objects under two names.
  const through = fetchThrough as unknown as (input: Parameters<typeof fetch>[0], init: object) => Promise<Response>;
  const { href } = new URL(input instanceof Request ? input.url : input);
  return through(href, { ...init, dispatcher: new EnvHttpProxyAgent() });
};
