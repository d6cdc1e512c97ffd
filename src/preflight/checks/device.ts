/** Backend, device and threads: whether what the recipe asks for is there, and what it can. */
import type { Recipe } from '../../recipe';
import type { Problem } from '../../shared/problem';
import { problem } from '../check';
import type { PreflightCheck } from '../check';
import type { Environment } from '../environment';
import { roomiestGpu } from '../gpuFacts';

/** Compute capability from which cards run FlashAttention-2 and bfloat16.  Source: Merlina src/preflight_checks.py. */
const AMPERE = 8;

export const device: PreflightCheck = {
  id: 'device',
  title: 'Device and backend',
  check(recipe, { machine, backends, device: choice, gpus = [] }) {
    const problems: Problem[] = [];
    if (!backends.includes(recipe.backend)) {
      problems.push(problem('error', 'no-backend', 'backend', `The backend "${recipe.backend}" is not available in this version. There is: ${backends.join(', ')}.`, 'Set backend to "embedded".', 'embedded'));
    } else if (recipe.backend === 'trl') {
      problems.push(...graphicsCard(recipe, gpus));
    } else if (choice?.problem) {
      problems.push(choice.problem);
    }
    if (recipe.threads !== null && recipe.threads > machine.cores) {
      problems.push(problem('warning', 'threads', 'threads', `${recipe.threads} threads on ${machine.cores} processor cores wait for one another.`, `Set threads to at most ${machine.cores}, or to null for all.`, null));
    }
    const card = recipe.backend === 'trl' ? roomiestGpu(gpus) : undefined;
    const computes = recipe.backend === 'embedded' && choice && !choice.problem ? `, device ${choice.device}. ${choice.reason}` : '';
    return { problems, details: `${recipe.backend} backend, ${machine.cores} cores${card ? `, ${card.name}` : ''}${computes}` };
  },
};

function graphicsCard({ device: wished, attn_implementation: attention }: Recipe, gpus: NonNullable<Environment['gpus']>): Problem[] {
  const card = roomiestGpu(gpus);
  if (wished === 'webgpu' || wished === 'dml') return [problem('error', 'device-not-of-trl', 'device', `The trl backend cannot compute on "${wished}".`, 'Set device to "auto".', 'auto')];
  if (wished === 'cpu') return [];
  if (!card) {
    return wished === 'cuda'
      ? [problem('error', 'no-cuda', 'device', 'The device "cuda" is asked for, and nvidia-smi finds no card.', 'Install the NVIDIA driver, or set device to "cpu".', 'cpu')]
      : [problem('warning', 'no-card', 'backend', 'nvidia-smi finds no graphics card; on the processor the trl backend is slower than the embedded one.', 'Set backend to "embedded".', 'embedded')];
  }
  const { name, computeCapability } = card;
  if (computeCapability === undefined || computeCapability >= AMPERE || attention === 'sdpa' || attention === 'eager') return [];
  const isAsked = attention === 'flash_attention_2';
  return [problem(isAsked ? 'error' : 'warning', 'no-flash-attention-2', 'attn_implementation', `The ${name} has compute capability ${computeCapability.toFixed(1)}, below ${AMPERE}.0: no FlashAttention-2.`, 'Set attn_implementation to "sdpa".', 'sdpa')];
}
