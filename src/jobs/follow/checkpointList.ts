/** The checkpoints of a run, with what is known of each. */
import fs from 'node:fs';
import path from 'node:path';
import type { CheckpointSummary, SeriesByName } from '../../shared/follow';
import { diskUse } from '../diskUse';
import type { JobFolder } from '../jobFolder';

/** `series`: where the loss of a step is looked up. */
export function listCheckpoints(folder: JobFolder, series: SeriesByName): CheckpointSummary[] {
  const found = folder.checkpointSteps().map(step => {
    const root = path.join(folder.checkpoints, `step-${step}`);
    return { step, path: root, loss: at(series, 'loss', step), eval_loss: at(series, 'eval_loss', step) ?? evalLossOf(root, step), bytes: diskUse(root) };
  });
  const best = Math.min(...found.map(({ eval_loss }) => eval_loss ?? Infinity));
  return found.map(one => ({ ...one, is_best: one.eval_loss !== null && one.eval_loss === best }));
}

function at(series: SeriesByName, name: string, step: number): number | null {
  const { steps = [], values = [] } = series[name] ?? {};
  return values[steps.lastIndexOf(step)] ?? null;
}

/** The checkpoint keeps the newest evaluation; it counts where it was made at its own step. */
function evalLossOf(root: string, step: number): number | null {
  try {
    const { last_evaluation: last } = JSON.parse(fs.readFileSync(path.join(root, 'state.json'), 'utf8')) as { last_evaluation?: { step: number; metrics: { eval_loss?: number } } | null };
    return last?.step === step ? last.metrics.eval_loss ?? null : null;
  } catch {
    return null; // another program's checkpoint, or one that is just being removed
  }
}
