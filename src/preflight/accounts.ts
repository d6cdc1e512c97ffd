/** Accounts that a run publishes to: whether there are tokens for them, never what they are. */
import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import { askAccount, hubSettings } from '../models';
import type { HubAccount } from '../models';
import type { Recipe } from '../recipe';
import { askHub } from './askHub';
import type { AskOptions } from './askHub';

export interface Accounts {
  readonly huggingFace: boolean;
  readonly wandb: boolean;
  /** Whose token it is; asked only where the recipe uploads. `why` it could not be. */
  readonly hubAccount?: HubAccount | 'refused' | { readonly why: string };
}

/** W&B's modes that send nothing. */
const WITHOUT_SENDING = ['offline', 'disabled', 'dryrun'];

export async function gatherAccounts(recipe: Recipe, environment: NodeJS.ProcessEnv, asking: AskOptions): Promise<Accounts> {
  const [huggingFace, wandb, { isOffline }] = await Promise.all([hasHuggingFaceToken(environment, asking), hasWandbKey(environment), hubSettings(asking.hub ?? {})]);
  if (!recipe.push_to_hub || !huggingFace) return { huggingFace, wandb };
  return { huggingFace, wandb, hubAccount: isOffline ? { why: 'offline mode is on' } : await account(asking) };
}

async function account(asking: AskOptions): Promise<Accounts['hubAccount']> {
  try {
    const asked = await askHub(asking, askAccount);
    return 'answer' in asked ? asked.answer : { why: asked.why };
  } catch (error) {
    // Neither a yes nor a no: a mirror without accounts, or no network.
    return { why: `the hub could not be asked (${error instanceof Error ? error.message : String(error)})` };
  }
}

export async function hasHuggingFaceToken(environment: NodeJS.ProcessEnv, { hub = {} }: AskOptions = {}): Promise<boolean> {
  return (await hubSettings(hub, environment)).token !== undefined;
}

/** WANDB_API_KEY, the file that `wandb login` writes, or a mode that sends nothing. */
export async function hasWandbKey(environment: NodeJS.ProcessEnv): Promise<boolean> {
  if ((environment.WANDB_API_KEY ?? '') !== '' || WITHOUT_SENDING.includes(environment.WANDB_MODE ?? '')) return true;
  const host = new URL(environment.WANDB_BASE_URL || 'https://api.wandb.ai').hostname;
  const netrc = await readFile(environment.NETRC || path.join(homedir(), process.platform === 'win32' ? '_netrc' : '.netrc'), 'utf8').catch(() => '');
  return netrc.split(/\s+/).some((word, i, words) => word === 'machine' && words[i + 1] === host);
}
