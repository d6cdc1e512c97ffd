/** Tokens: kept by VS Code's SecretStorage, handed to processes as variables, never written down. */
import type { SecretStorage } from 'vscode';

/** Environment variable of each token, which is also its key in the storage. */
export const TOKENS = ['HF_TOKEN', 'WANDB_API_KEY'] as const;

export type TokenName = (typeof TOKENS)[number];

/** Those that are set; the others stay as the environment has them. */
export async function tokenVariables(secrets: SecretStorage): Promise<Record<string, string>> {
  const found = await Promise.all(TOKENS.map(async name => [name, await secrets.get(name)] as const));
  return Object.fromEntries(found.filter((entry): entry is [TokenName, string] => entry[1] !== undefined));
}
