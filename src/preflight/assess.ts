/** One answer to what a person asks while a recipe is made: will it fit, how long will it take, what does a step see, what is wrong. */
import { findLoss } from '../engine';
import type { Recipe } from '../recipe';
import { ProblemError } from '../shared/problem';
import type { DataOutlook, MemoryOutlook, RecipeAssessment, StepOutlook, TimeOutlook } from '../shared/recipeAssessment';
import { countUpdates } from './countUpdates';
import { lengthSummary, totalTokens } from './datasetFacts';
import type { DatasetFacts } from './datasetFacts';
import type { Environment } from './environment';
import { memorySavings, recipeMemory } from './memory';
import { PreflightValidator, problemsBeforeRun } from './preflightValidator';

const ROW_WORDS = { pair: 'pairs', unpaired: 'answers', sequence: 'texts' } as const;

/** Pure over recipe and environment; the time needs a measured machine (estimateTime). */
export function assess(recipe: Recipe, environment: Environment): RecipeAssessment {
  const report = new PreflightValidator().validate(recipe, environment);
  const memory = memoryOutlook(recipe, environment), data = dataOutlook(environment.dataset);
  return {
    ...(memory && { memory }), ...(data && { data }),
    step: stepOutlook(recipe, environment.dataset),
    checks: Object.entries(report.checks).map(([id, { status, title, details }]) => ({ id, status, title, details })),
    problems: problemsBeforeRun(report),
  };
}

/** The assessment with a time, or with why there is none. */
export function withTime(assessment: RecipeAssessment, time: TimeOutlook | string): RecipeAssessment {
  return typeof time === 'string' ? { ...assessment, timeNote: time } : { ...assessment, time };
}

function memoryOutlook(recipe: Recipe, { machine, model, dataset }: Environment): MemoryOutlook | undefined {
  try {
    const estimate = recipeMemory(recipe, model, dataset.lengths);
    if (!estimate) return undefined;
    const { totalBytes, components, confidence, notes } = estimate;
    return {
      totalBytes, confidence, notes: [...notes],
      ...(recipe.backend === 'embedded' && { freeBytes: machine.freeMemoryBytes, machineBytes: machine.memoryBytes }),
      components: Object.entries(components).map(([name, bytes]) => ({ name, bytes })),
      savings: memorySavings(recipe, model, dataset.lengths).map(({ set, savedBytes, price }) => ({ ...set, savedBytes, price })),
    };
  } catch (error) {
    // An adapter that does not fit the model: the check "adapter" says so.
    if (error instanceof ProblemError) return undefined;
    throw error;
  }
}

function dataOutlook(dataset: DatasetFacts): DataOutlook | undefined {
  if (dataset.state === 'unknown') return undefined;
  const { trainRows, evalRows, longestTokens, cutFraction } = dataset;
  const p95Tokens = lengthSummary(dataset)?.p95;
  return { longestTokens, cutFraction, ...(trainRows !== undefined && { trainRows }), ...(evalRows !== undefined && { evalRows }), ...(p95Tokens !== undefined && { p95Tokens }) };
}

function stepOutlook(recipe: Recipe, dataset: DatasetFacts): StepOutlook {
  const { batch_size: microBatchRows, gradient_accumulation_steps: accumulation, training_mode } = recipe;
  const rowCount = Math.min(microBatchRows * accumulation, dataset.trainRows ?? Infinity);
  const counts = dataset.trainRows === undefined ? undefined : countUpdates(recipe, dataset.trainRows);
  return {
    rows: ROW_WORDS[findLoss(training_mode).needs.rows], rowCount, microBatchRows, accumulation,
    ...(dataset.lengths.length > 0 && { meanTokens: Math.round(totalTokens(dataset) / dataset.lengths.length * rowCount) }),
    ...(counts && { stepsPerEpoch: counts.updatesPerEpoch, totalSteps: counts.totalSteps }),
  };
}
