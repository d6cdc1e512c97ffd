/** Disk for checkpoints, the result, its merge and export, and for what is downloaded first. */
import { resolveSaveSteps } from '../../recipe';
import { ProblemError } from '../../shared/problem';
import type { Problem } from '../../shared/problem';
import { problem, size } from '../check';
import type { PreflightCheck } from '../check';
import type { Environment } from '../environment';
import { checkpointBytes } from '../memory';
import { resultBytes } from '../resultBytes';

/** Below this multiple of what is needed, free disk is tight.  Source: Merlina src/preflight_checks.py. */
const COMFORT = 1.5;
/** Besides tensors: events, log, model card, tokenizer. */
const TEXT_BYTES = 16 * 2 ** 20;

export const disk: PreflightCheck = {
  id: 'disk',
  title: 'Disk space',
  check(recipe, environment) {
    const { machine, model } = environment;
    const free = machine.freeDiskBytes, downloads = downloadProblems(environment);
    const one = attempt(() => checkpointBytes(recipe, model));
    if (free === undefined || !one) return { problems: downloads, details: 'could not check' };
    // Kept checkpoints, the best one, and the one that is being written.
    const isSaving = resolveSaveSteps(recipe, 100) > 0;
    const checkpoints = isSaving ? (recipe.save_total_limit + 2) * (one.weights + one.state) : 0;
    const { merged, gguf } = model.spec ? resultBytes(recipe, { spec: model.spec, tensorType: model.tensorType }) : { merged: 0, gguf: 0 };
    const needed = checkpoints + one.weights + TEXT_BYTES + merged + gguf;
    const details = `about ${size(needed)} of ${size(free)} free`;
    if (needed * COMFORT <= free) return { problems: downloads, details };
    const text = `The run writes about ${size(needed)}, ${size(checkpoints)} of it checkpoints${merged > 0 ? `, ${size(merged)} the merged model` : ''}${gguf > 0 ? `, ${size(gguf)} GGUF files` : ''}; ${size(free)} are free${needed > free ? '' : ', which is little more'}.`;
    const severity = needed > free ? 'error' : 'warning';
    if (gguf + merged > checkpoints && recipe.export_gguf) return { problems: [...downloads, problem(severity, 'disk', 'export_gguf', text, 'Free space, or set export_gguf to false.', false)], details };
    return { problems: [...downloads, isSaving
      ? problem(severity, 'disk', 'save_steps', text, 'Free space, or set save_steps to 0 for no checkpoints.', 0)
      : problem(severity, 'disk', 'output_name', text, 'Free space, or choose a folder on another disk with --data-dir.')], details };
  },
};

function downloadProblems({ machine: { freeCacheBytes: free }, model, dataset }: Environment): Problem[] {
  const needed = (model.downloadBytes ?? 0) + (dataset.downloadBytes ?? 0);
  if (free === undefined || needed <= free) return [];
  return [problem('error', 'download-disk', 'base_model', `${size(needed)} are downloaded first, and the disk of the Hugging Face cache has ${size(free)} free.`, 'Free space there, or set HF_HOME to a larger disk.')];
}

function attempt<T>(make: () => T): T | undefined {
  try {
    return make();
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    return undefined;
  }
}
