/** Tokens for what the recipe publishes, and what the hub's may do. Whether they are there, never what they are. */
import type { Recipe } from '../../recipe';
import type { Problem } from '../../shared/problem';
import type { Accounts } from '../accounts';
import { problem } from '../check';
import type { PreflightCheck } from '../check';

export const tokens: PreflightCheck = {
  id: 'tokens',
  title: 'Tokens',
  check(recipe, { tokens: accounts }) {
    const problems: Problem[] = [];
    if (recipe.use_wandb && !accounts.wandb) problems.push(problem('warning', 'no-wandb-key', 'use_wandb', 'use_wandb is on, but there is no WANDB_API_KEY.', 'Set WANDB_API_KEY, or set use_wandb to false.', false));
    if (recipe.push_to_hub) problems.push(...upload(recipe, accounts));
    const wanted = [recipe.use_wandb && 'W&B', recipe.push_to_hub && 'Hugging Face'].filter(name => name !== false);
    return { problems, details: wanted.length === 0 ? 'none needed' : `needed: ${wanted.join(', ')}` };
  },
};

/** As Merlina (src/preflight_checks.py): no token blocks, one that may not write there warns, since what was trained can be uploaded later. */
function upload({ hf_namespace: wished }: Recipe, { huggingFace, hubAccount }: Accounts): Problem[] {
  if (!huggingFace) return [problem('error', 'no-hub-token', 'push_to_hub', 'push_to_hub is on, but there is no Hugging Face token.', 'Set HF_TOKEN, or set push_to_hub to false.', false)];
  if (hubAccount === undefined) return [];
  if (hubAccount === 'refused') return [problem('error', 'hub-token-refused', 'push_to_hub', 'push_to_hub is on, but the hub does not accept the Hugging Face token: it was revoked, or is incomplete.', 'Set HF_TOKEN to a new one, or set push_to_hub to false.', false)];
  if ('why' in hubAccount) return [{ id: 'preflight/hub-account-not-checked', severity: 'info', text: `Whether the Hugging Face token may upload could not be checked: ${hubAccount.why}.`, where: { field: 'push_to_hub' } }];
  const { name, writableNamespaces: writable } = hubAccount, namespace = wished ?? name;
  if (writable.includes(namespace)) return [];
  if (writable.length === 0) return [problem('warning', 'hub-token-read-only', 'push_to_hub', `push_to_hub is on, but the token of "${name}" may only read.`, 'Set HF_TOKEN to one with write access, or set push_to_hub to false.', false)];
  const instead = writable.includes(name) ? null : writable[0];
  return [problem('warning', 'hub-namespace', 'hf_namespace', `The token of "${name}" may not write to "${namespace}". It may to: ${writable.join(', ')}.`, `Set hf_namespace to ${instead === null ? `null, which is "${name}"` : `"${instead}"`}.`, instead)];
}
