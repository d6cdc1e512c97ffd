/** Tokens for what the recipe publishes. Whether they are there, never what they are. */
import type { Problem } from '../../shared/problem';
import { problem } from '../check';
import type { PreflightCheck } from '../check';

export const tokens: PreflightCheck = {
  id: 'tokens',
  title: 'Tokens',
  check(recipe, environment) {
    const { huggingFace, wandb } = environment.tokens;
    const problems: Problem[] = [];
    if (recipe.use_wandb && !wandb) problems.push(problem('warning', 'no-wandb-key', 'use_wandb', 'use_wandb is on, but there is no WANDB_API_KEY.', 'Set WANDB_API_KEY, or set use_wandb to false.', false));
    if (recipe.push_to_hub && !huggingFace) problems.push(problem('error', 'no-hub-token', 'push_to_hub', 'push_to_hub is on, but there is no Hugging Face token.', 'Set HF_TOKEN, or set push_to_hub to false.', false));
    const wanted = [recipe.use_wandb && 'W&B', recipe.push_to_hub && 'Hugging Face'].filter(name => name !== false);
    return { problems, details: wanted.length === 0 ? 'none needed' : `needed: ${wanted.join(', ')}` };
  },
};
