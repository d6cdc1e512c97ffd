/** How long a run will take by the embedded engine: the graphs that it will run, at this machine's measured speed. */
import os from 'node:os';
import { findLoss, lossParameters, placeAdapter, placeAllWeights } from '../../engine';
import { geometryOf } from '../../engine/geometryOf';
import { buildTrainingGraph } from '../../engine/trainingGraph';
import { resolveSteps, type Recipe } from '../../recipe';
import type { DecoderSpec } from '../../shared/decoderSpec';
import type { TimeOutlook } from '../../shared/recipeAssessment';
import { elementCount, type TensorType } from '../../shared/tensors';
import { countUpdates } from '../countUpdates';
import type { Environment } from '../environment';
import { adapterOf, dimLengths, eightBitTable, isEightBit, isPacked, parameterShapes, tensorTable, type RowLengths } from '../memory';
import { graphSeconds } from './graphTime';
import { machineSpeed, type MachineSpeed } from './machineSpeed';

/** What the loop does beside its graphs (packing, feeding, checking), as a share of them: set by SmolLM2-135M.
 *  test/bench/time.ts then finds five cases of 0.7–2.0 s a step within 17 %, median 5 %. */
const LOOP_FRACTION = 0.2;
/** A micro-batch of more rows takes as much longer for each as the second took. */
const ROWS_BUILT = 2;

/** The time, or why there is none. */
export async function estimateTime(recipe: Recipe, { model, dataset }: Environment): Promise<TimeOutlook | string> {
  if (recipe.backend !== 'embedded') return 'Not known: only the speed of the embedded backend is measured.';
  if (!model.spec) return 'Not known: the model is not known well enough.';
  if (dataset.trainRows === undefined || dataset.lengths.length === 0) return 'Not known: not all rows were read.';
  const speed = await machineSpeed(recipe.threads ?? os.availableParallelism());
  return runTime(recipe, { spec: model.spec, tensorType: model.tensorType, lengths: dataset.lengths, trainRows: dataset.trainRows, evalRows: dataset.evalRows ?? 0 }, speed);
}

export interface TimedRun {
  readonly spec: DecoderSpec;
  readonly tensorType: TensorType;
  /** Of the training rows. */
  readonly lengths: readonly RowLengths[];
  readonly trainRows: number;
  readonly evalRows: number;
}

/** Pure. Preparation (reading, tokenising, loading) and sample answers are not in it. */
export function runTime(recipe: Recipe, run: TimedRun, speed: MachineSpeed): TimeOutlook {
  const { updatesPerEpoch, totalSteps } = countUpdates(recipe, run.trainRows);
  const microBatches = Math.min(recipe.gradient_accumulation_steps, Math.ceil(run.trainRows / recipe.batch_size / updatesPerEpoch));
  const trained = parametersOf(recipe, run.spec).reduce((sum, { shape }) => sum + elementCount(shape), 0);
  // Each micro-batch's gradients are brought back and added up.
  const gradientSeconds = (microBatches * 3 * 4 * trained) / speed.bytesPerSecond;
  const secondsPerStep = microBatches * batchSeconds(recipe, run, speed, recipe.batch_size, true) + gradientSeconds + trained / speed.updatesPerSecond;
  const forward = batchSeconds(recipe, run, speed, recipe.batch_size, false);
  const evalEvery = run.evalRows === 0 ? 0 : resolveSteps(recipe.eval_steps, totalSteps);
  const evaluations = evalEvery === 0 ? 0 : Math.floor(totalSteps / evalEvery) + Number(recipe.eval_on_start);
  const evaluating = evaluations * Math.ceil(run.evalRows / recipe.batch_size) * forward;
  const referencing = findLoss(recipe.training_mode).needs.reference ? Math.ceil((run.trainRows + run.evalRows) / recipe.batch_size) * forward : 0;
  return { secondsPerStep, seconds: totalSteps * secondsPerStep + evaluating + referencing };
}

/** One micro-batch of rows as long as they are on average. */
function batchSeconds(recipe: Recipe, run: TimedRun, speed: MachineSpeed, rows: number, withGradients: boolean): number {
  const mean = meanRow(run.lengths);
  const secondsOf = (count: number): number => {
    const { graph, lengths } = graphOf(recipe, run, Array.from({ length: count }, () => mean), withGradients);
    return graphSeconds(graph, lengths, speed);
  };
  const built = Math.min(rows, ROWS_BUILT);
  const seconds = (1 + LOOP_FRACTION) * secondsOf(built);
  return rows <= ROWS_BUILT ? seconds : seconds + (rows - ROWS_BUILT) * (seconds - (1 + LOOP_FRACTION) * secondsOf(1));
}

function graphOf(recipe: Recipe, { spec, tensorType }: TimedRun, rows: readonly RowLengths[], withGradients: boolean) {
  const loss = findLoss(recipe.training_mode);
  const adapter = adapterOf(recipe);
  const geometry = geometryOf(loss, { spec, batchRows: rows.length, maxLength: recipe.max_length, trainOnPrompt: recipe.train_on_prompt });
  const tensors = tensorTable({ spec, tensorType }, isPacked(recipe));
  const { graph } = buildTrainingGraph({
    spec, tensors, eightBit: isEightBit(recipe) ? eightBitTable(spec, tensors) : undefined, placement: adapter ? placeAdapter(spec, adapter) : placeAllWeights(spec), parameters: parametersOf(recipe, spec),
    loss, lossParameters: lossParameters(loss, {}), geometry, maxLength: recipe.max_length, dropout: adapter?.dropout ?? 0,
    hasNoise: (recipe.neftune_alpha ?? 0) > 0, recomputeLayers: recipe.gradient_checkpointing, withGradients, attention: 'blocks',
  });
  return { graph, lengths: dimLengths(geometry, rows, 'mean') };
}

function parametersOf(recipe: Recipe, spec: DecoderSpec): { name: string; shape: readonly number[] }[] {
  const adapter = adapterOf(recipe);
  return parameterShapes(adapter ? placeAdapter(spec, adapter) : placeAllWeights(spec), adapter?.rank ?? 0);
}

function meanRow(lengths: readonly RowLengths[]): RowLengths {
  const mean = (of: (row: RowLengths) => number): number => Math.max(1, Math.round(lengths.reduce((sum, row) => sum + of(row), 0) / lengths.length));
  return { prompt: mean(({ prompt }) => prompt), responses: lengths[0]!.responses.map((_, place) => mean(({ responses }) => responses[place] ?? 0)) };
}
