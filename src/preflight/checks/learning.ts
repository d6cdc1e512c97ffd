/** Learning rate and effective batch, for the method and the size of the model. */
import type { TrainingMode } from '../../recipe';
import type { Problem } from '../../shared/problem';
import { problem } from '../check';
import type { PreflightCheck } from '../check';
import { countParams, profileOfConfig } from '../memory/modelProfile';

/** Highest usual rate with LoRA; a tenth of it where all weights train. The presets lie well below. */
const HIGHEST_RATE: Readonly<Record<TrainingMode, number>> = { sft: 1e-3, orpo: 2e-4, cpo: 2e-4, dpo: 1e-4, simpo: 1e-4, ipo: 1e-4, kto: 1e-4 };
const FULL_FRACTION = 0.1;
/** Source: Merlina src/preflight_checks.py. */
const LOWEST_RATE = 1e-7;
const SMALLEST_BATCH = 4;
const LARGEST_BATCH = 128;
/** Models below this learn at rates that would break large ones, so no upper limit is known. */
const SMALL_MODEL_PARAMS = 50e6;
/** Rate at which no model is known to learn; plain SGD, whose steps follow the gradient's size, has no such limit. */
const HOPELESS_RATE = 0.1;

export const learning: PreflightCheck = {
  id: 'learning',
  title: 'Learning rate and batch',
  check(recipe, { model }) {
    const { learning_rate: rate, training_mode: method, batch_size: rows, gradient_accumulation_steps: accumulation } = recipe;
    const problems: Problem[] = [];
    const profile = model.config && profileOfConfig(model.config);
    const isSmall = profile !== undefined && countParams(profile) < SMALL_MODEL_PARAMS;
    const highest = HIGHEST_RATE[method] * (recipe.use_lora ? 1 : FULL_FRACTION);
    const usual = highest / 10;
    const isSgd = recipe.optimizer_type === 'sgd';
    if (rate >= HOPELESS_RATE && !isSgd) problems.push(problem('error', 'rate-hopeless', 'learning_rate', `At a learning rate of ${rate} no model is known to learn.`, `Set learning_rate to ${usual}.`, usual));
    else if (rate > highest && !isSmall && !isSgd) problems.push(problem('warning', 'rate-high', 'learning_rate', `A learning rate of ${rate} is above ${highest}, the highest usual one for ${method} ${recipe.use_lora ? 'with LoRA' : 'of all weights'}.`, `Set learning_rate to ${usual}.`, usual));
    else if (rate < LOWEST_RATE) problems.push(problem('warning', 'rate-low', 'learning_rate', `A learning rate of ${rate} is below ${LOWEST_RATE}: the model hardly changes.`, `Set learning_rate to ${usual}.`, usual));
    const batch = rows * accumulation;
    if (batch < SMALLEST_BATCH) problems.push(problem('warning', 'batch-small', 'gradient_accumulation_steps', `${batch} ${batch === 1 ? 'row' : 'rows'} to an update make noisy steps.`, `Set gradient_accumulation_steps to ${Math.ceil(SMALLEST_BATCH / rows)} or more.`, Math.ceil(16 / rows)));
    if (batch > LARGEST_BATCH) {
      const fewer = Math.max(1, Math.floor(LARGEST_BATCH / rows));
      problems.push(rows > LARGEST_BATCH
        ? problem('warning', 'batch-large', 'batch_size', `${batch} rows to an update leave few updates.`, `Set batch_size to ${Math.max(1, Math.floor(LARGEST_BATCH / accumulation))}.`, Math.max(1, Math.floor(LARGEST_BATCH / accumulation)))
        : problem('warning', 'batch-large', 'gradient_accumulation_steps', `${batch} rows to an update leave few updates.`, `Set gradient_accumulation_steps to ${fewer}.`, fewer));
    }
    return { problems, details: `learning rate ${rate}, ${batch} rows to an update` };
  },
};
