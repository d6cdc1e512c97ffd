/** Steps: how many there will be, and whether warm-up and accumulation fit into them. */
import type { Problem } from '../../shared/problem';
import { problem } from '../check';
import type { PreflightCheck } from '../check';
import { countUpdates } from '../countUpdates';

export const steps: PreflightCheck = {
  id: 'steps',
  title: 'Steps',
  check(recipe, { dataset }) {
    const { batch_size: rows, gradient_accumulation_steps: accumulation, warmup_ratio: warmup } = recipe;
    const problems: Problem[] = [];
    if (warmup >= 1) problems.push(problem('error', 'warmup-all', 'warmup_ratio', `A warm-up of ${warmup} is the whole run: the learning rate is reached with the last step.`, 'Set warmup_ratio to 0.05.', 0.05));
    else if (warmup > 0.5) problems.push(problem('warning', 'warmup-long', 'warmup_ratio', `A warm-up of ${Math.round(100 * warmup)} % of the run leaves less than half of it at full rate.`, 'Set warmup_ratio to 0.05.', 0.05));
    if (dataset.trainRows === undefined) return { problems, details: 'not counted: not all rows were read' };
    const { updatesPerEpoch, totalSteps } = countUpdates(recipe, dataset.trainRows);
    const microBatches = Math.ceil(dataset.trainRows / rows);
    if (microBatches < accumulation) {
      problems.push(problem('warning', 'fewer-than-accumulation', 'gradient_accumulation_steps', `The ${dataset.trainRows} rows make ${microBatches} micro-batches an epoch, fewer than the ${accumulation} that an update asks for: each epoch is a single update.`, `Set gradient_accumulation_steps to ${Math.max(1, Math.floor(microBatches / 4))}.`, Math.max(1, Math.floor(microBatches / 4))));
    }
    const epochs = recipe.max_steps === null ? `${recipe.num_epochs} epochs × ` : '';
    return { problems, details: `${epochs}${dataset.trainRows} rows = ${totalSteps} steps (${updatesPerEpoch} an epoch)` };
  },
};
