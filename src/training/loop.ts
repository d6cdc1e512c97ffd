/** The training loop, one straight story: resume or start, reference, then per update accumulate, guard, clip, step,
 *  log, evaluate, save; until done, stopped early or stopped by request. */
import { clipByGlobalNorm, findOptimizer, globalNorm, GradientAccumulator, type LossScale } from '../engine/optimizer';
import type { Optimizer } from '../engine/optimizer';
import { findSchedule, learningRateAt } from '../engine/schedule';
import type { TrainingEngine } from '../engine/trainingEngine';
import { problemError } from '../shared/problem';
import type { TrainingRow } from '../shared/rows';
import { BatchSchedule, batchRows, chunks, fileOrder, fixedGroups, isUnpaired, tokenCount, withMismatchedResponses } from './batch';
import type { CheckpointState, CheckpointStore, LoadedCheckpoint } from './checkpoint';
import { evaluate, MeanMetrics } from './evaluate';
import { emitStatus } from './eventLog';
import type { EventSink } from './eventLog';
import { guardFinite, guardWeights } from './guard';
import type { TrainingPlan } from './plan';
import { referenceLogps } from './reference';
import { countSteps, isDue } from './steps';
import type { StopRequest } from './stopRequest';

export interface TrainingRun {
  readonly engine: TrainingEngine;
  readonly plan: TrainingPlan;
  readonly train: readonly TrainingRow[];
  readonly eval: readonly TrainingRow[];
  /** For an engine that multiplies in float16. */
  readonly lossScale?: LossScale | undefined;
  /** Tokens of the longest sequence that the engine takes; not limited where absent. */
  readonly maxLength?: number;
  readonly checkpoints: CheckpointStore;
  /** Beside the weights in each checkpoint: adapter_config.json. */
  readonly checkpointFiles: ReadonlyMap<string, string>;
  readonly events: EventSink;
  readonly stop: StopRequest;
  /** Where to go on from; undefined starts at step 0. */
  readonly resume: LoadedCheckpoint | undefined;
  readonly referenceFile: string;
  /** Written into each checkpoint. */
  readonly identity: Pick<CheckpointState, 'threads' | 'device' | 'model_fingerprint' | 'dataset_fingerprint' | 'recipe'>;
  /** Called after each evaluation, with its step. */
  readonly onEvaluated?: (step: number) => Promise<void>;
  /** A training row as the user knows it; its index by default. */
  readonly describeRow?: (index: number) => string;
}

export type TrainingEnd =
  | { readonly kind: 'completed'; readonly step: number; readonly metrics: Record<string, number>; readonly bestCheckpoint: string | undefined; readonly isEarly: boolean }
  | { readonly kind: 'stopped'; readonly step: number; readonly by: string; readonly checkpoint: string | undefined };

/** The part of CheckpointState that the loop changes. */
type Progress = Pick<CheckpointState, 'step' | 'best' | 'lowest_eval_loss' | 'evaluations_since_lowest' | 'last_evaluation'>;

const START: Progress = { step: 0, best: null, lowest_eval_loss: null, evaluations_since_lowest: 0, last_evaluation: null };

/** Throws ProblemError for whatever the user can mend; the newest checkpoint is whole then. */
export async function train(run: TrainingRun): Promise<TrainingEnd> {
  const { engine, plan, events, stop, checkpoints, lossScale } = run;
  const { parameters } = engine;
  const counts = countSteps(plan, run.train.length, run.eval.length);
  const batches = new BatchSchedule(plan, counts, run.train.length, run.train.some(isUnpaired));
  const schedule = findSchedule(plan.schedule);
  const found = findOptimizer(plan.optimizer);
  if (!schedule || !found) throw new Error(`Unknown schedule ${plan.schedule} or optimizer ${plan.optimizer}: the recipe was not checked.`);
  if (found.note !== undefined) events.emit({ type: 'log', level: 'info', text: found.note });
  const optimizer = found.kind.create(plan.optimizerOptions);
  const rows = withMismatchedResponses(run.train, fixedGroups(run.train.length, plan), run.maxLength);
  const evalRows = withMismatchedResponses(run.eval, chunks(fileOrder(run.eval.length), plan.batchSize), run.maxLength);
  const accumulator = new GradientAccumulator();
  let progress: Progress = run.resume?.state ?? START;
  let lastCheckpoint = run.resume?.path;
  let lastMetrics: Record<string, number> = {};

  if (run.resume) restore(run.resume, engine, optimizer);

  const learningRate = (step: number): number => learningRateAt(
    schedule, step, { totalSteps: counts.totalSteps, warmupSteps: counts.warmupSteps, learningRate: plan.learningRate }, plan.scheduleOptions,
  );
  const fractionDone = (): number => progress.step / counts.totalSteps;
  const epoch = (): number => batches.epochAfter(progress.step);

  const save = (): void => {
    if (lastCheckpoint === checkpoints.pathOf(progress.step)) return;
    guardWeights(progress.step, parameters, learningRate(progress.step - 1), lastCheckpoint);
    emitStatus(events, 'saving', fractionDone());
    const evaluated = progress.last_evaluation?.step === progress.step ? progress.last_evaluation.metrics.eval_loss : undefined;
    const isBest = evaluated !== undefined && evaluated < (progress.best?.eval_loss ?? Infinity);
    if (isBest) progress = { ...progress, best: { step: progress.step, eval_loss: evaluated } };
    lastCheckpoint = checkpoints.save({
      version: 1,
      ...progress,
      total_steps: counts.totalSteps,
      seed: plan.seed,
      data_cursor: { epoch: Math.floor(progress.step / counts.updatesPerEpoch), update: progress.step % counts.updatesPerEpoch },
      schedule: { id: plan.schedule, step: progress.step },
      optimizer: { id: found.kind.id, scalars: optimizer.state().scalars },
      ...(lossScale && { loss_scale: lossScale.state }),
      ...run.identity,
    }, parameters, optimizer.state(), run.checkpointFiles);
    events.emit({ type: 'checkpoint', step: progress.step, path: lastCheckpoint, is_best: isBest });
    checkpoints.prune(plan.saveTotalLimit, progress.best?.step);
  };

  const stopped = (by: string): TrainingEnd => {
    emitStatus(events, 'stopping', fractionDone(), `Stopping (${by}).`);
    if (progress.step > 0) save();
    return { kind: 'stopped', step: progress.step, by, checkpoint: progress.step > 0 ? lastCheckpoint : undefined };
  };

  const reference = engine.needsReference ? await referenceLogps({
    engine,
    train: rows,
    eval: evalRows,
    batchSize: plan.batchSize,
    cacheFile: run.referenceFile,
    canCompute: progress.step === 0,
    onProgress: fraction => {
      emitStatus(events, 'initializing', 0, `Reference log-probabilities: ${Math.round(fraction * 100)} %.`);
      return stop.requested() !== undefined;
    },
  }) : undefined;
  if (engine.needsReference && !reference) return stopped(stop.requested() ?? 'request');

  /** True when it came to its end; a stop breaks it off, and the resume makes up for it. */
  const runEvaluation = async (): Promise<boolean> => {
    emitStatus(events, 'evaluating', fractionDone());
    const metrics = await evaluate(engine, evalRows, plan.batchSize, reference?.eval, () => stop.requested() !== undefined);
    if (!metrics) return false;
    events.emit({ ...metrics, type: 'eval', step: progress.step, epoch: epoch(), eval_loss: metrics.eval_loss });
    await run.onEvaluated?.(progress.step);
    const isLower = metrics.eval_loss < (progress.lowest_eval_loss ?? Infinity);
    progress = {
      ...progress,
      last_evaluation: { step: progress.step, metrics },
      lowest_eval_loss: isLower ? metrics.eval_loss : progress.lowest_eval_loss,
      evaluations_since_lowest: isLower ? 0 : progress.evaluations_since_lowest + 1,
    };
    emitStatus(events, 'training', fractionDone());
    return true;
  };
  const isEvaluationDue = (): boolean => isDue(progress.step, counts.evalEvery) || (counts.evalEvery > 0 && progress.step === counts.totalSteps);

  const isOutOfPatience = (): boolean =>
    plan.earlyStoppingPatience !== null && progress.evaluations_since_lowest >= plan.earlyStoppingPatience;

  if (progress.step < counts.totalSteps) {
    emitStatus(events, 'initializing', fractionDone(), 'Building the graph and taking the weights in.');
    await engine.prepare();
  }
  const wasBrokenOff = isEvaluationDue() && progress.last_evaluation?.step !== progress.step;
  const isWantedAtStart = progress.step === 0 && plan.evalOnStart && evalRows.length > 0;
  if ((wasBrokenOff || isWantedAtStart) && !await runEvaluation()) return stopped(stop.requested() ?? 'request');
  emitStatus(events, 'training', fractionDone());

  while (progress.step < counts.totalSteps && !isOutOfPatience()) {
    const startMs = performance.now();
    const step = progress.step + 1;
    const rate = learningRate(progress.step);
    const window = batches.window(progress.step);
    const windowRows = window.flatMap(microBatch => microBatch.rows.map(index => rows[index]!));
    // Sums are divided by the labels of the whole window; means count micro-batches equally, a short window by its own number.
    const divisor = engine.reduction === 'mean'
      ? window.length
      : Math.max(1, windowRows.reduce((sum, row) => sum + engine.labelCount(row), 0));
    const metrics = new MeanMetrics();
    let loss = 0;
    let hasOverflowed = false;
    let gradients: readonly Float32Array[] = [];
    let gradientNorm = 0;
    accumulator.clear();
    for (const microBatch of window) {
      const by = stop.requested();
      if (by !== undefined) return stopped(by);
      const result = await engine.step(batchRows(microBatch.rows, rows, reference?.train), { scale: (lossScale?.factor ?? 1) / divisor, seed: microBatch.seed });
      hasOverflowed ||= lossScale?.isOverflow(result) ?? false;
      gradientNorm = globalNorm(result.gradients);
      if (!hasOverflowed) guardFinite({
        step, loss: result.loss, parameters, gradients: result.gradients, gradientNorm, learningRate: rate, lastCheckpoint, isHalf: lossScale !== undefined,
        rows: microBatch.rows.map(index => run.describeRow?.(index) ?? String(index)),
      });
      loss += result.loss / divisor;
      metrics.add(result.metrics);
      if (window.length > 1) accumulator.add(result.gradients);
      gradients = window.length > 1 ? accumulator.gradients : result.gradients;
    }
    // An update whose gradients overflowed float16 is left out, as torch's GradScaler does; the schedule goes on.
    lossScale?.update(hasOverflowed, gradients);
    // Known already where one micro-batch is the window and its gradients are as they came.
    if (window.length > 1 || lossScale) gradientNorm = hasOverflowed ? 0 : globalNorm(gradients);
    if (plan.maxGradNorm > 0) clipByGlobalNorm(gradients, gradientNorm, plan.maxGradNorm);
    if (lossScale && hasOverflowed) events.emit({ type: 'log', level: 'info', text: `Step ${step} changed nothing: its gradients were too large for float16. The loss is now scaled by ${lossScale.factor}.` });
    else optimizer.step(parameters, gradients, rate);
    progress = { ...progress, step };

    const seconds = (performance.now() - startMs) / 1000;
    lastMetrics = { ...metrics.means(), loss, grad_norm: gradientNorm };
    if (step % plan.loggingSteps === 0 || step === counts.totalSteps) {
      events.emit({
        ...metrics.means(),
        type: 'metrics',
        step,
        epoch: epoch(),
        loss,
        learning_rate: rate,
        grad_norm: gradientNorm,
        tokens_per_second: windowRows.reduce((sum, row) => sum + tokenCount(row), 0) / seconds,
        step_seconds: seconds,
        memory_bytes: process.memoryUsage.rss(),
        peak_memory_bytes: process.resourceUsage().maxRSS * 1024,
      });
    }
    const isEvaluated = isEvaluationDue();
    if (isEvaluated && !await runEvaluation()) return stopped(stop.requested() ?? 'request');
    // Early stopping hands back the best weights, so they must be on disk.
    const isNewLowest = isEvaluated && progress.evaluations_since_lowest === 0 && plan.earlyStoppingPatience !== null;
    if (isDue(step, counts.saveEvery) || isNewLowest) save();
  }

  guardWeights(progress.step, parameters, learningRate(Math.max(0, progress.step - 1)), lastCheckpoint);
  return {
    kind: 'completed',
    step: progress.step,
    metrics: { ...lastMetrics, ...progress.last_evaluation?.metrics },
    bestCheckpoint: progress.best === null ? undefined : checkpoints.pathOf(progress.best.step),
    isEarly: isOutOfPatience() && progress.step < counts.totalSteps,
  };
}

/** Puts weights and optimizer back as they were.  Throws ProblemError where the checkpoint belongs to another shape of model. */
function restore(checkpoint: LoadedCheckpoint, { parameters }: TrainingEngine, optimizer: Optimizer): void {
  for (const { name, data } of parameters) {
    const saved = checkpoint.tensors.get(name);
    if (saved?.length !== data.length) {
      throw problemError('training/checkpoint-mismatch', `The checkpoint has ${saved ? `${saved.length} numbers` : 'nothing'} for ${name}; the model needs ${data.length}.`, {
        where: { file: checkpoint.path, field: name },
        fix: { text: 'Resume with the model and adapter settings the run began with.' },
      });
    }
    data.set(saved);
  }
  optimizer.load(checkpoint.optimizer);
}
