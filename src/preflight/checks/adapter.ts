/** The adapter: rank, strength, and modules that the model has. */
import { placeAdapter } from '../../engine/adapter';
import { ProblemError } from '../../shared/problem';
import type { Problem } from '../../shared/problem';
import { problem } from '../check';
import type { PreflightCheck } from '../check';

/** Source: Merlina src/preflight_checks.py. */
const LARGEST_USUAL_RANK = 256;
const SMALLEST_USUAL_RANK = 8;
/** Alpha as a multiple of the rank. Merlina warns below 1, and by that of its own defaults (32 and 64); practice runs from ¼ to 4. */
const USUAL_RATIO = { from: 0.25, to: 4 };

export const adapter: PreflightCheck = {
  id: 'adapter',
  title: 'LoRA',
  check(recipe, { model }) {
    if (!recipe.use_lora) return { problems: [], details: 'all weights are trained' };
    const { lora_r: rank, lora_alpha: alpha } = recipe;
    const problems: Problem[] = [];
    if (rank > LARGEST_USUAL_RANK) problems.push(problem('warning', 'rank-high', 'lora_r', `Rank ${rank} is above ${LARGEST_USUAL_RANK}: it costs memory and rarely learns more.`, `Set lora_r to ${LARGEST_USUAL_RANK} or less.`, 64));
    if (rank < SMALLEST_USUAL_RANK) problems.push(problem('warning', 'rank-low', 'lora_r', `Rank ${rank} is below ${SMALLEST_USUAL_RANK}: it may be too small to learn much.`, `Set lora_r to ${SMALLEST_USUAL_RANK} or more.`, SMALLEST_USUAL_RANK));
    const ratio = alpha / rank;
    if (!recipe.use_rslora && rank >= SMALLEST_USUAL_RANK && rank <= LARGEST_USUAL_RANK && (ratio < USUAL_RATIO.from || ratio > USUAL_RATIO.to)) {
      problems.push(problem('warning', 'alpha', 'lora_alpha', `lora_alpha ${alpha} is ${ratio < 1 ? `1/${Math.round(1 / ratio)}` : `${Math.round(ratio)} times`} of lora_r ${rank}; from ¼ to 4 times is usual.`, `Set lora_alpha to ${rank}.`, rank));
    }
    if (model.spec) problems.push(...modulesThatAreNotThere(() => placeAdapter(model.spec!, {
      rank, alpha, dropout: 0, targetModules: recipe.target_modules, modulesToSave: recipe.modules_to_save, useRslora: recipe.use_rslora, seed: 0,
    }), model.defaultTargets));
    return { problems, details: `rank ${rank}, alpha ${alpha}` };
  },
};

function modulesThatAreNotThere(place: () => unknown, defaults: readonly string[]): Problem[] {
  try {
    place();
    return [];
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    return error.problems.map(one => one.where?.field !== 'target_modules' || defaults.length === 0 ? one
      : { ...one, fix: { text: `Use this architecture's own: ${defaults.join(', ')}.`, set: { key: 'target_modules', value: [...defaults] } } });
  }
}
