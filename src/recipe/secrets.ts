/** Secrets that Merlina's configurations may hold: they are never kept, written or shared. */

/** Key → where the secret belongs instead. */
export const secretKeys: Readonly<Record<string, string>> = {
  hf_token: 'the environment variable HF_TOKEN',
  wandb_key: 'the environment variable WANDB_API_KEY',
};

/** A copy without secrets, at whatever depth they stand. */
export function withoutSecrets<T>(value: T): T {
  if (Array.isArray(value)) return value.map(withoutSecrets) as T;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).filter(([key]) => !Object.hasOwn(secretKeys, key)).map(([key, inner]) => [key, withoutSecrets(inner)]),
  ) as T;
}
