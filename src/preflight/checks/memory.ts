/** Memory that the run needs against what is free. */
import type { Problem } from '../../shared/problem';
import { ProblemError } from '../../shared/problem';
import { problem, size } from '../check';
import type { CheckResult, PreflightCheck } from '../check';
import type { Environment } from '../environment';
import { roomiestGpu } from '../gpuFacts';
import { memorySavings, recipeMemory } from '../memory';
import type { Recipe } from '../../recipe';

/** Below this multiple of the estimate, free memory is tight.  Source: Merlina src/preflight_checks.py. */
const COMFORT = 1.2;

export const memory: PreflightCheck = {
  id: 'memory',
  title: 'Memory',
  check(recipe, environment): CheckResult {
    const { model, dataset } = environment;
    try {
      const estimate = recipeMemory(recipe, model, dataset.lengths);
      if (!estimate) return unknownSize(model.id);
      const free = freeBytes(recipe, environment), needed = estimate.totalBytes;
      if (free === undefined) return { problems: [], details: `about ${size(needed)}; no graphics card was found to compare it with` };
      const details = `about ${size(needed)} of ${size(free)} free`;
      if (needed * COMFORT <= free) return { problems: [], details };
      const largest = estimate.dominant === undefined ? '' : `, most of it ${estimate.dominant.replaceAll('_', ' ')} (${size(estimate.components[estimate.dominant]!)})`;
      const text = needed > free
        ? `The run needs about ${size(needed)} of memory${largest}; ${size(free)} are free.`
        : `The run needs about ${size(needed)} of memory${largest}; ${size(free)} are free, which is little more.`;
      return { problems: [withSaving(needed > free ? 'error' : 'warning', text, recipe, environment, free)], details };
    } catch (error) {
      // An adapter that does not fit the model: the check "adapter" says so.
      if (!(error instanceof ProblemError)) throw error;
      return { problems: [], details: 'not estimated: the adapter does not fit the model' };
    }
  },
};

/** Of the device that will compute. A card that shares the machine's memory has what is free there. */
function freeBytes({ backend, device }: Recipe, { machine, gpus = [] }: Environment): number | undefined {
  if (backend === 'embedded' || device === 'cpu') return machine.freeMemoryBytes;
  const card = roomiestGpu(gpus);
  return card && (card.freeBytes ?? machine.freeMemoryBytes);
}

/** The cheapest single change that suffices, else the one that saves most; the others as notes. */
function withSaving(severity: 'error' | 'warning', text: string, recipe: Recipe, { model, dataset }: Environment, free: number): Problem {
  const savings = memorySavings(recipe, model, dataset.lengths);
  const best = savings.find(({ totalBytes }) => totalBytes * COMFORT <= free) ?? savings[0];
  if (!best) return problem(severity, 'memory', 'base_model', text, 'Close other programs, or choose a smaller model.');
  return {
    ...problem(severity, 'memory', best.set.key, text, `Set ${best.text}: about ${size(best.savedBytes)} less, for ${best.price}.`, best.set.value),
    notes: savings.filter(one => one !== best).map(one => `${one.text}: about ${size(one.savedBytes)} less, for ${one.price}.`),
  };
}

function unknownSize(id: string): CheckResult {
  return {
    details: 'could not check: the size of the model is not known',
    problems: [{ id: 'preflight/memory-not-checked', severity: 'info', text: `The memory for "${id}" could not be estimated: neither its config.json nor its name says how large it is.`, where: { field: 'base_model' } }],
  };
}
